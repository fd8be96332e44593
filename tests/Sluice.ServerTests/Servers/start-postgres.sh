#!/bin/sh
# Makes an empty cluster and becomes its server: start-postgres.sh BIN FOLDER PORT USER PASSWORD
set -eu
bin=$1 folder=$2 port=$3 user=$4 password=$5
as=
# PostgreSQL refuses to run as root.
if [ "$(id -u)" = 0 ]; then
  chown postgres "$folder"
  as="setpriv --reuid=postgres --regid=postgres --init-groups"
fi
cd "$folder"
printf '%s\n' "$password" >password
$as "$bin/initdb" --pgdata="$folder/data" --username="$user" --pwfile=password --auth=scram-sha-256 --encoding=UTF8 --locale=C --no-sync
# A zone of its own shows up what forgets to say UTC. The data outlive every process but not the machine, so that nothing needs to
# wait for the disk.
exec $as "$bin/postgres" -D "$folder/data" -h 127.0.0.1 -p "$port" -c unix_socket_directories= -c timezone=Asia/Kathmandu -c fsync=off -c full_page_writes=off
