# Two images of the service, one without and one with a GPU, and one of the training tool, for predict in batches:
#
#   docker build --target cpu   -t saccade:cpu   .
#   docker build --target cuda  -t saccade:cuda  .
#   docker build --target tools -t saccade:tools .
#
# .NET 10 images are Ubuntu 24.04. tests/EndToEnd.Tests runs the publish command below and serves its output.
ARG DOTNET=10.0
ARG CUDA=13.0.1-cudnn-runtime-ubuntu24.04

FROM mcr.microsoft.com/dotnet/sdk:${DOTNET} AS build
WORKDIR /source
ENV RestoreLockedMode=true
COPY global.json Directory.Build.props Directory.Build.targets Directory.Packages.props BannedSymbols.txt .editorconfig ./
COPY eng/ eng/
COPY src/Inference/ src/Inference/
COPY src/Api/ src/Api/
COPY samples/ samples/
RUN dotnet publish src/Api/Saccade.Api.csproj --configuration Release --runtime linux-x64 --no-self-contained --output /app

FROM build AS build-cuda
# The providers for CUDA and TensorRT, which the other image leaves out, are 285 MB.
ENV CudaProviders=true
RUN dotnet publish src/Api/Saccade.Api.csproj --configuration Release --runtime linux-x64 --no-self-contained --output /app

FROM build AS build-tools
COPY src/Training/ src/Training/
RUN dotnet publish src/Training/Saccade.Training.csproj --configuration Release --runtime linux-x64 --no-self-contained --output /tools

FROM mcr.microsoft.com/dotnet/aspnet:${DOTNET} AS dotnet

FROM nvidia/cuda:${CUDA} AS cuda
# libturbojpeg decodes JPEG, curl asks for health.
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl libturbojpeg \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 1654 --no-create-home --shell /usr/sbin/nologin app
COPY --from=dotnet /usr/share/dotnet /usr/share/dotnet
RUN ln -s /usr/share/dotnet/dotnet /usr/bin/dotnet
WORKDIR /app
COPY --from=build-cuda /app ./
COPY models/ /models/
ENV ASPNETCORE_HTTP_PORTS=8080 \
    Grpc__Port=8081 \
    DOTNET_RUNNING_IN_CONTAINER=true \
    Execution__Niceness=10 \
    Models__Path=/models
USER 1654
EXPOSE 8080 8081
HEALTHCHECK --interval=5s --timeout=3s --start-period=120s --start-interval=1s --retries=3 \
    CMD ["curl", "--fail", "--silent", "--output", "/dev/null", "http://127.0.0.1:8080/health/ready"]
ENTRYPOINT ["dotnet", "Saccade.Api.dll"]

FROM dotnet AS tools
# libtorch computes with several threads by libgomp.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgomp1 libturbojpeg \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build-tools /tools ./
USER 1654
ENTRYPOINT ["dotnet", "Saccade.Training.dll"]

# Last, so that a build without --target makes this one.
FROM dotnet AS cpu
RUN apt-get update \
    && apt-get install -y --no-install-recommends curl libturbojpeg \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app ./
COPY models/ /models/
ENV ASPNETCORE_HTTP_PORTS=8080 \
    Grpc__Port=8081 \
    Execution__Niceness=10 \
    Models__Path=/models
USER 1654
EXPOSE 8080 8081
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --start-interval=1s --retries=3 \
    CMD ["curl", "--fail", "--silent", "--output", "/dev/null", "http://127.0.0.1:8080/health/ready"]
ENTRYPOINT ["dotnet", "Saccade.Api.dll"]
