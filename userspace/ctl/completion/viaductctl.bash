# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Completion of viaductctl in bash. What can be completed is asked from the program itself, so
# that it is never another version's: commands and options from its help, names from the daemon.

_viaductctl_help() { # COMMAND or ''
	command "${_viaductctl[@]}" help ${1:+"$1"} 2>/dev/null
}

_viaductctl_commands() {
	_viaductctl_help '' | awk '/^commands:/ { on = 1; next } /^[^ ]/ { on = 0 } on { print $1 }'
}

_viaductctl_options() { # COMMAND or ''
	_viaductctl_help "$1" | grep -oE -- '--[a-z][a-z-]*'
}

# Gateways and tunnels: the first column of the table. A daemon that hangs is left alone, and
# compgen -W would expand a name that is no plain word.
_viaductctl_names() {
	LC_ALL=C timeout 2 "${_viaductctl[@]}" --color never status 2>/dev/null | awk '
		/^NAME/ { on = 1; next }
		/^$/ { on = 0 }
		on { sub(/^[|`]-/, "", $1); if ($1 ~ /^[A-Za-z0-9_.:-]+$/) print $1 }'
}

_viaductctl_complete() {
	local word=$2 previous=$3 command='' i
	# The program as typed, with its --run-dir or --socket: they say which daemon to ask.
	local -a _viaductctl=("${COMP_WORDS[0]/#\~/$HOME}")

	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in
		--run-dir | --socket | -s)
			_viaductctl+=("${COMP_WORDS[i]}" "${COMP_WORDS[i + 1]}")
			((++i))
			;;
		--color | --timeout | -t) ((++i)) ;;
		-*) ;;
		*) command=${command:-${COMP_WORDS[i]}} ;;
		esac
	done

	COMPREPLY=()
	case $previous in
	--color)
		mapfile -t COMPREPLY < <(compgen -W 'always never auto' -- "$word")
		return
		;;
	--run-dir)
		mapfile -t COMPREPLY < <(compgen -d -- "$word")
		return
		;;
	--socket | -s)
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		return
		;;
	--timeout | -t)
		return
		;;
	esac
	if [[ $word == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_viaductctl_options "$command")" -- "$word")
		return
	fi
	case $command in
	'' | help) mapfile -t COMPREPLY < <(compgen -W "$(_viaductctl_commands)" -- "$word") ;;
	status | show | up | down | rekey | monitor | explain)
		mapfile -t COMPREPLY < <(compgen -W "$(_viaductctl_names)" -- "$word")
		;;
	check) mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
	esac
}

complete -F _viaductctl_complete viaductctl
