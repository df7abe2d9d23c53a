# The learners' image: the wheel of one handout, which holds nothing that judges. docs/containers.md says how it is built.
FROM python:3.11-slim-bookworm AS build
RUN pip install --no-cache-dir uv==0.12.5
WORKDIR /source
RUN --mount=type=bind,source=wheels,target=wheels \
    --mount=type=bind,from=checkout,source=constraints.txt,target=constraints.txt \
    uv venv --python /usr/local/bin/python3.11 /opt/grader \
    && uv pip install --python /opt/grader --no-cache --compile-bytecode --torch-backend=cpu \
        --constraint constraints.txt wheels/*.whl

FROM python:3.11-slim-bookworm
COPY --from=build /opt/grader /opt/grader
ENV PATH=/opt/grader/bin:$PATH
RUN useradd --create-home --uid 1000 learner
USER 1000
WORKDIR /home/learner
CMD ["grade", "doctor"]
