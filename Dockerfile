# Watchroom in one container: one process serves the pages and polls the networks. Its database is elsewhere or in the volume.
FROM node:24-bookworm-slim AS front
WORKDIR /watchroom
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM python:3.13-slim-bookworm
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /watchroom
COPY requirements.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check -r requirements.txt
COPY . .
COPY --from=front /watchroom/node_modules ./node_modules
# The parts are copied and compressed here, once; the packages they came from are not needed to serve them.
RUN python -m data.frontend --installed && rm -rf node_modules \
    && useradd --system --uid 10001 watchroom && install -d -o watchroom var
USER watchroom
ENV WATCHROOM_HOST=0.0.0.0
VOLUME /watchroom/var
EXPOSE 8050
# A poll in hand finishes or rolls back, and screens are told, before the process ends.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8050/healthz', timeout=4)"]
CMD ["sh", "-c", "flask --app app migrate && exec flask --app app serve"]
