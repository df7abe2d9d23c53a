# The staff's image: the whole grader, on the small CPU build of torch. docs/containers.md says how it is built and used.
FROM python:3.11-slim-bookworm AS build
RUN pip install --no-cache-dir uv==0.12.5
WORKDIR /source
COPY . .
RUN uv venv --python /usr/local/bin/python3.11 /opt/grader \
    && uv pip install --python /opt/grader --no-cache --compile-bytecode --torch-backend=cpu \
        --constraint constraints.txt ".[cluster,staff]"

FROM python:3.11-slim-bookworm
COPY --from=build /opt/grader /opt/grader
ENV PATH=/opt/grader/bin:$PATH
RUN useradd --create-home --uid 1000 staff
USER 1000
WORKDIR /home/staff
CMD ["grade", "doctor"]
