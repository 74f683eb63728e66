# The `lanyard` command for CI: no shell, no package manager, not root. The provider comes from a registry, not from here.
FROM rust:1.95-bookworm AS build
WORKDIR /lanyard
COPY . .
RUN cargo build --locked --release -p lanyard

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /lanyard/target/release/lanyard /usr/local/bin/lanyard
WORKDIR /configuration
ENTRYPOINT ["/usr/local/bin/lanyard"]
