#!/bin/sh
# Runs a server for the tests: supervise.sh SIGNAL FOLDER COMMAND...
# The server is stopped with the signal when this script's input ends, which is also what happens when the tests' process
# dies, however it dies. Then the folder, which holds the server's data, is removed.
signal=$1 folder=$2
shift 2
# A Ctrl-C reaches everybody at the terminal: the server goes when the tests have let go of it.
trap '' INT HUP
exec 3<&0 </dev/null
"$@" 3<&- &
server=$!
{
  read -r _ <&3
  # Again and again, because what comes before a server, such as making its data, may not take the signal.
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    kill -s "$signal" "$server" && sleep 1
  done
  kill -s KILL "$server"
} >/dev/null 2>&1 &
watch=$!
wait "$server"
code=$?
kill "$watch" 2>/dev/null
rm -rf "$folder"
exit "$code"
