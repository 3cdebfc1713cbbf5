"""Classifies an image:  classify.py IMAGE [ADDRESS]"""

import sys

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

image = sys.argv[1]
address = sys.argv[2] if len(sys.argv) > 2 else "http://localhost:8080"

# Tries again after 429 and 503, when Retry-After says.
retry = Retry(3, backoff_factor=0.5, status_forcelist=[429, 503], allowed_methods=None, raise_on_status=False)
session = requests.Session()
session.mount(address, HTTPAdapter(max_retries=retry))
with open(image, "rb") as file:
    response = session.post(
        f"{address}/classify",
        params={"topK": 3, "deadlineMs": 5000},
        files={"image": file},
        timeout=30,
    )

if not response.ok:
    problem = response.json()
    sys.exit(f"{problem['code']}: {problem['detail']}")
for prediction in response.json()["predictions"]:
    print(prediction["label"], prediction["probability"])
