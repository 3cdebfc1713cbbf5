#!/bin/sh
# Classifies an image:  classify.sh IMAGE [ADDRESS]
# curl tries again after 429 and 503, when Retry-After says.
exec curl --silent --show-error --fail-with-body --retry 3 --form "image=@$1" \
  "${2:-http://localhost:8080}/classify?topK=3&deadlineMs=5000"
