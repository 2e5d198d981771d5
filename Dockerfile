# One image for all processes. Its default command is the whole site (deploy/embedded); docker-compose.yml has the command of each process.
# Images of others: deploy/images.
ARG NODE=node:22-slim
ARG PYTHON=python:3.13-slim
ARG UV=ghcr.io/astral-sh/uv:0.9

FROM ${UV} AS uv

FROM ${NODE} AS browser-packages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund
# What settings.py names, with licences. esbuild, a program without Node, bundles when static files are collected.
RUN mkdir /kept && cp -r --parents node_modules/*/package.json node_modules/*/LICENSE* node_modules/@*/*/package.json node_modules/@*/*/LICENSE* \
    node_modules/@fontsource-variable/*/files node_modules/htmx.org/dist node_modules/tus-js-client/dist node_modules/qrcode-generator/dist \
    node_modules/pdfjs-dist/legacy/build node_modules/pdfjs-dist/wasm node_modules/@tabler/icons/icons/outline node_modules/@esbuild/*/bin /kept \
    && rm -rf /kept/node_modules/@napi-rs && find /kept/node_modules/pdfjs-dist -name '*.map' -delete

FROM ${PYTHON} AS database-tools
# Not older than the server. The package would bring Perl.
RUN apt-get update && apt-get install -y --no-install-recommends postgresql-client \
    && mkdir /kept && cp /usr/lib/postgresql/*/bin/pg_dump /usr/lib/postgresql/*/bin/pg_restore /kept

FROM ${PYTHON} AS build
COPY --from=uv /uv /usr/local/bin/uv
WORKDIR /app
ENV UV_LINK_MODE=copy PYTHONDONTWRITEBYTECODE=1 PATH="/app/.venv/bin:$PATH" CCD_STATIC_ROOT=/app/staticfiles
COPY pyproject.toml uv.lock ./
# Deposits in a bucket: CCD_PACKAGES="--extra s3" docker compose build. Until 1.5 this was CCD_EXTRAS.
ARG PACKAGES="" FORMER_PACKAGES=""
RUN case "$FORMER_PACKAGES" in --extra*) PACKAGES="$PACKAGES $FORMER_PACKAGES" ;; esac; uv sync --locked --no-dev --no-cache $PACKAGES
COPY --from=browser-packages /kept/node_modules ./node_modules
COPY . .
# Bytecode that names no time: the same input gives the same files. Tests, sources of C, other languages, and Babel, which only makes
# catalogues, stay out.
RUN CCD_DATA_DIR=/tmp/build python manage.py catalogues \
    && CCD_DATA_DIR=/tmp/build python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf tests \
    && find .venv -type d -name tests -prune -exec rm -rf {} + \
    && find .venv \( -name '*.pyi' -o -name '*.pyx' -o -name '*.pxd' -o -name '*.a' \) -delete \
    && rm -rf .venv/lib/python*/site-packages/babel* \
    && find .venv -path '*/locale/*' -name LC_MESSAGES -not -path '*/locale/fr*' -not -path '*/locale/en*' -prune -exec rm -rf {} + \
    && python -m compileall -q --invalidation-mode unchecked-hash .

FROM ${PYTHON}
# deploy/upgrade deletes the images of former versions.
LABEL org.opencontainers.image.title=ccd
LABEL org.opencontainers.image.description="Crazy Charly Day: a one-day hackathon, its deposits, juries and prizes" \
    org.opencontainers.image.documentation=docs/fr/installer.md
# Of files that the build makes: the same input gives the same files.
ARG SOURCE_DATE_EPOCH=0
# libpq: of pg_dump and pg_restore, for `manage.py backup`. rsync: for the standby
RUN apt-get update && apt-get install -y --no-install-recommends libpq5 rsync \
    && rm -rf /var/lib/apt/lists/* /var/log/apt /var/log/dpkg.log /var/log/alternatives.log /var/cache/ldconfig/aux-cache /var/cache/apt/* \
    /var/cache/debconf/*-old \
    && useradd --uid 1000 ccd && mkdir /data && chown ccd /data
WORKDIR /app
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PATH="/app/.venv/bin:$PATH" CCD_DATA_DIR=/data CCD_STATIC_ROOT=/app/staticfiles HOST=0.0.0.0
COPY --from=database-tools /kept /usr/local/bin/
COPY --from=build /app /app
RUN python deploy/bill-of-materials /app/sbom.cdx.json /app/LICENCES.txt
USER ccd
VOLUME /data
EXPOSE 8000
CMD ["deploy/embedded"]
