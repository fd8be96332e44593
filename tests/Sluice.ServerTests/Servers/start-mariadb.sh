#!/bin/sh
# Makes an empty data directory and becomes its server: start-mariadb.sh BIN FOLDER PORT USER PASSWORD
set -eu
bin=$1 folder=$2 port=$3 user=$4 password=$5
as=
# MariaDB refuses to run as root.
if [ "$(id -u)" = 0 ]; then
  chown mysql "$folder"
  as="setpriv --reuid=mysql --regid=mysql --init-groups"
fi
cd "$folder"
$as mariadb-install-db --no-defaults --datadir="$folder/data" --auth-root-authentication-method=normal --skip-test-db >install.log 2>&1 ||
  { cat install.log; exit 1; }
quoted=$(printf %s "$password" | sed "s/\\\\/\\\\\\\\/g; s/'/''/g")
printf "CREATE USER '%s'@'%%' IDENTIFIED BY '%s';\nGRANT ALL ON *.* TO '%s'@'%%' WITH GRANT OPTION;\nDROP USER root@localhost;\n" \
  "$user" "$quoted" "$user" >init.sql
chmod 644 init.sql
# A zone of its own, an old alphabet and no strictness show up what forgets to say otherwise. The data outlive every process but not the machine, so
# that nothing needs to wait for the disk.
exec $as "$bin" --no-defaults --datadir="$folder/data" --init-file="$folder/init.sql" --bind-address=127.0.0.1 --port="$port" \
  --socket="$folder/socket" --pid-file="$folder/pid" --skip-name-resolve --default-time-zone=+05:45 --character-set-server=latin1 --sql-mode= \
  --innodb-flush-log-at-trx-commit=0 --innodb-doublewrite=0 --innodb-buffer-pool-size=64M --max-connections=300
