# shellcheck shell=bash
# Throw-away servers for tests and benchmarks: PostgreSQL, Redis, RabbitMQ on free ports of 127.0.0.1, data in one temporary
# folder, nothing synced to disk. Sourced after common.sh; start_* begin, await_* wait until they answer and export their
# URLs, stop_services ends all of them and removes the folder (run it in a trap).

SERVICES=
SERVICE_PIDS=()

# Programs that refuse to run as root run as an unprivileged user; the folder is one that user can reach.
services_folder() {
    [ -n "$SERVICES" ] && return 0
    local base=${TMPDIR:-/tmp}
    [ "$(id -u)" = 0 ] && base=/tmp
    SERVICES=$(mktemp -d "$base/procare-services.XXXXXX")
    chmod 711 "$SERVICES"
}

# as_user USER: sets AS to what runs a command as that user when we are root (setpriv replaces itself: the id stays).
as_user() {
    AS=()
    if [ "$(id -u)" = 0 ]; then AS=(setpriv "--reuid=$1" "--regid=$(id -g "$1")" --init-groups --); fi
}

# first_user NAME...: the first of them that exists.
first_user() {
    local name
    for name in "$@"; do
        if id -u "$name" >/dev/null 2>&1; then
            echo "$name"
            return 0
        fi
    done
    die "no unprivileged user to run a test server as (looked for: $*)"
}

# service_folder NAME USER: a folder of its own.
service_folder() {
    services_folder
    mkdir -p "$SERVICES/$1"
    chmod 700 "$SERVICES/$1"
    if [ "$(id -u)" = 0 ]; then chown "$2" "$SERVICES/$1"; fi
}

# free_ports N: N different ports that nobody listens on, chosen by the operating system.
free_ports() {
    node -e '
        const { createServer } = require("node:net");
        const servers = Array.from({ length: Number(process.argv[1]) }, () => createServer());
        Promise.all(servers.map((s) => new Promise((ready) => s.listen(0, "127.0.0.1", () => ready(s.address().port)))))
            .then((ports) => { console.log(ports.join(" ")); servers.forEach((s) => s.close()); });
    ' "$1"
}

# background LOG COMMAND...: a process group of its own, remembered so that it is stopped.
background() {
    local log=$1
    shift
    if have setsid; then set -- setsid "$@"; fi
    (cd "$SERVICES" && exec "$@") >"$log" 2>&1 </dev/null &
    SERVICE_PIDS+=($!)
}

# await_service NAME LOG PID SECONDS CHECK...: until CHECK succeeds; the log is shown when it never does.
await_service() {
    local name=$1 log=$2 pid=$3 left=$(($4 * 5))
    shift 4
    until "$@" >/dev/null 2>&1; do
        left=$((left - 1))
        if [ "$left" -le 0 ] || ! kill -0 "$pid" 2>/dev/null; then
            tail -n 40 "$log" >&2
            die "$name did not start"
        fi
        sleep 0.2
    done
}

stop_services() {
    local pid signal left
    # PostgreSQL waits for its clients on TERM and ends them on INT.
    if [ -n "${POSTGRES_PID:-}" ]; then kill -INT "$POSTGRES_PID" 2>/dev/null || true; fi
    for signal in TERM KILL; do
        left=50
        for pid in ${SERVICE_PIDS[@]+"${SERVICE_PIDS[@]}"}; do
            kill "-$signal" -- "-$pid" 2>/dev/null || kill "-$signal" "$pid" 2>/dev/null || continue
        done
        for pid in ${SERVICE_PIDS[@]+"${SERVICE_PIDS[@]}"}; do
            while kill -0 -- "-$pid" 2>/dev/null && [ "$left" -gt 0 ]; do
                left=$((left - 1))
                sleep 0.1
            done
        done
    done
    SERVICE_PIDS=()
    if [ -n "$SERVICES" ]; then rm -rf "$SERVICES" || true; fi
    SERVICES=
}

# ---- PostgreSQL ------------------------------------------------------------------------------------------------------

postgres_programs() {
    local folder
    for folder in $(compgen -G '/usr/lib/postgresql/*/bin' | sort -rV) /opt/homebrew/opt/postgresql*/bin /usr/pgsql-*/bin; do
        if [ -x "$folder/initdb" ] && [ -x "$folder/postgres" ]; then
            echo "$folder"
            return 0
        fi
    done
    if have initdb && have postgres; then dirname "$(command -v postgres)"; fi
}

need_postgres() {
    [ -n "$(postgres_programs)" ] && return 0
    if have apt-get && [ "$(id -u)" = 0 ]; then apt_install postgresql || true; fi
    [ -n "$(postgres_programs)" ] || die "PostgreSQL's server is missing: install the package 'postgresql' (on Debian: sudo apt-get install postgresql)"
}

start_postgres() {
    local bin user
    need_postgres
    bin=$(postgres_programs)
    user=$([ "$(id -u)" = 0 ] && first_user postgres nobody || id -un)
    as_user "$user"
    service_folder postgres "$user"
    POSTGRES_PORT=$(free_ports 1)
    (cd "$SERVICES" && "${AS[@]+"${AS[@]}"}" "$bin/initdb" -D "$SERVICES/postgres/data" -U procare -A trust -E UTF8 --locale=C.UTF-8 --no-sync) \
        >"$SERVICES/initdb.log" 2>&1 || { tail -n 20 "$SERVICES/initdb.log" >&2; die "initdb failed"; }
    background "$SERVICES/postgres.log" "${AS[@]+"${AS[@]}"}" "$bin/postgres" -D "$SERVICES/postgres/data" -p "$POSTGRES_PORT" \
        -k "$SERVICES/postgres" -c listen_addresses=127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off \
        -c max_connections=300 -c shared_buffers=256MB -c max_wal_size=4GB
    POSTGRES_PID=${SERVICE_PIDS[${#SERVICE_PIDS[@]} - 1]}
    POSTGRES_BIN=$bin
}

await_postgres() {
    await_service PostgreSQL "$SERVICES/postgres.log" "$POSTGRES_PID" 60 "$POSTGRES_BIN/pg_isready" -q -h 127.0.0.1 -p "$POSTGRES_PORT" -d postgres
    export TEST_POSTGRES_URL="postgres://procare@127.0.0.1:$POSTGRES_PORT/postgres"
}

# ---- Redis -----------------------------------------------------------------------------------------------------------

start_redis() {
    local user
    need_package redis-server redis-server "the cache that tests run against; on Debian: sudo apt-get install redis-server"
    user=$([ "$(id -u)" = 0 ] && first_user redis nobody || id -un)
    as_user "$user"
    service_folder redis "$user"
    REDIS_PORT=$(free_ports 1)
    background "$SERVICES/redis.log" "${AS[@]+"${AS[@]}"}" redis-server --port "$REDIS_PORT" --bind 127.0.0.1 --save "" --appendonly no \
        --dir "$SERVICES/redis" --daemonize no
    REDIS_PID=${SERVICE_PIDS[${#SERVICE_PIDS[@]} - 1]}
}

await_redis() {
    await_service Redis "$SERVICES/redis.log" "$REDIS_PID" 30 port_answers "$REDIS_PORT"
    export TEST_REDIS_URL="redis://127.0.0.1:$REDIS_PORT"
}

port_answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1"); }

# ---- RabbitMQ --------------------------------------------------------------------------------------------------------

# Slow to start (10 to 20 s): begin it first. It has its own node name, cookie, port mapper and folders, so that it meets
# neither another node of this machine nor leaves anything behind.
start_rabbitmq() {
    local user program home ports dist epmd
    need_package rabbitmq-server rabbitmq-server "the message broker that tests run against; on Debian: sudo apt-get install rabbitmq-server"
    # Debian's /usr/sbin/rabbitmq-server switches users and folders by itself; the program behind it does not.
    program=/usr/lib/rabbitmq/bin/rabbitmq-server
    [ -x "$program" ] || program=$(command -v rabbitmq-server)
    user=$([ "$(id -u)" = 0 ] && first_user rabbitmq nobody || id -un)
    as_user "$user"
    service_folder rabbitmq "$user"
    home=$SERVICES/rabbitmq
    ports=$(free_ports 3)
    read -r RABBITMQ_PORT dist epmd <<<"$ports"
    echo '[].' >"$home/enabled_plugins"
    cat >"$home/rabbitmq.conf" <<CONF
listeners.tcp.1 = 127.0.0.1:$RABBITMQ_PORT
disk_free_limit.absolute = 50MB
log.console = true
log.console.level = warning
log.file = false
CONF
    if [ "$(id -u)" = 0 ]; then chown -R "$user" "$home"; fi
    background "$SERVICES/epmd.log" "${AS[@]+"${AS[@]}"}" epmd -port "$epmd" -address 127.0.0.1
    background "$SERVICES/rabbitmq.log" "${AS[@]+"${AS[@]}"}" env HOME="$home" ERL_EPMD_PORT="$epmd" ERL_EPMD_ADDRESS=127.0.0.1 \
        RABBITMQ_NODENAME="procare-test@localhost" RABBITMQ_DIST_PORT="$dist" RABBITMQ_NODE_PORT="$RABBITMQ_PORT" \
        RABBITMQ_MNESIA_BASE="$home/data" RABBITMQ_LOG_BASE="$home" RABBITMQ_LOGS=- RABBITMQ_PID_FILE="$home/pid" \
        RABBITMQ_CONFIG_FILE="$home/rabbitmq" RABBITMQ_ENABLED_PLUGINS_FILE="$home/enabled_plugins" RABBITMQ_CONF_ENV_FILE=/dev/null \
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-setcookie procare-test -kernel inet_dist_use_interface {127,0,0,1} +sbwt none" \
        "$program"
    RABBITMQ_PID=${SERVICE_PIDS[${#SERVICE_PIDS[@]} - 1]}
}

await_rabbitmq() {
    await_service RabbitMQ "$SERVICES/rabbitmq.log" "$RABBITMQ_PID" 120 port_answers "$RABBITMQ_PORT"
    export TEST_AMQP_URL="amqp://guest:guest@127.0.0.1:$RABBITMQ_PORT/%2f"
}
