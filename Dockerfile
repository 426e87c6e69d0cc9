# One file for every service: docker build --build-arg SERVICE=events -t creative-city/events .
# The image holds shared/, that one service, and what its lock file pins; nothing else.
FROM python:3.11-slim-bookworm AS build
ARG SERVICE
COPY deploy/locks/installer.lock deploy/locks/${SERVICE}.lock /locks/
RUN python -m venv /installer && python -m venv --without-pip /venv \
    && /installer/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes \
        -r /locks/installer.lock \
    && /installer/bin/uv pip install --no-cache --python /venv/bin/python --compile-bytecode \
        --require-hashes -r /locks/${SERVICE}.lock

FROM python:3.11-slim-bookworm
ARG SERVICE
LABEL org.opencontainers.image.title="creative-city/${SERVICE}" \
      org.opencontainers.image.licenses="Apache-2.0"
ENV SERVICE=${SERVICE} \
    PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HTTP_HOST=0.0.0.0 \
    HTTP_PORT=8000
WORKDIR /app
COPY --from=build /venv /venv
COPY shared shared
COPY services/__init__.py services/__init__.py
COPY services/${SERVICE} services/${SERVICE}
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f'http://127.0.0.1:{os.environ[\"HTTP_PORT\"]}/healthz')"]
# The shell only fills in the name; exec makes Python the process that gets SIGTERM.
ENTRYPOINT ["sh", "-c", "exec python -m services.$SERVICE \"$@\"", "service"]
