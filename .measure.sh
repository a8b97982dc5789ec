cd /work/src/.build-measure && swift build -c release --product measure --jobs 2 && .build/release/measure /work/main/.build-bench/dangol-10000000
