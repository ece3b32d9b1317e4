# The kernel under its real clients: jupyter_kernel_test in full, nbclient, nbconvert, papermill, console.
set -euo pipefail
prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT
node bin/kernelbook.js install --prefix "$prefix"
export JUPYTER_PATH="$prefix/share/jupyter"
"$PYTHON" test/clients/test_jupyter_kernel.py
"$PYTHON" test/clients/test_clients.py
