# One image for all processes; docker-compose.yml has the command of each. Images of others: deploy/images.
ARG NODE=node:22-slim
ARG PYTHON=python:3.13-slim
ARG UV=ghcr.io/astral-sh/uv:0.9

FROM ${UV} AS uv

FROM ${NODE} AS browser-packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM ${PYTHON}
# deploy/upgrade deletes the images of former versions.
LABEL org.opencontainers.image.title=ccd
COPY --from=uv /uv /usr/local/bin/uv
# pg_dump and pg_restore, for `manage.py backup`: not older than the server. rsync: for the standby
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client rsync && rm -rf /var/lib/apt/lists/*
WORKDIR /app
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy PYTHONUNBUFFERED=1 PATH="/app/.venv/bin:$PATH" \
    CCD_DATA_DIR=/data CCD_STATIC_ROOT=/app/staticfiles
COPY pyproject.toml uv.lock ./
# Deposits in a bucket: CCD_PACKAGES="--extra s3" docker compose build. Until 1.5 this was CCD_EXTRAS.
ARG PACKAGES="" FORMER_PACKAGES=""
RUN case "$FORMER_PACKAGES" in --extra*) PACKAGES="$PACKAGES $FORMER_PACKAGES" ;; esac; uv sync --locked --no-dev $PACKAGES
COPY --from=browser-packages /app/node_modules ./node_modules
COPY . .
RUN CCD_DATA_DIR=/tmp/build python manage.py catalogues \
    && CCD_DATA_DIR=/tmp/build python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf /tmp/build \
    && useradd --uid 1000 ccd && mkdir /data && chown ccd /data
USER ccd
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "-c", "deploy/gunicorn.conf.py"]
