# Completion of sequela-cli for bash. Commands and options come from the program's own help, so they
# are never out of step with it.

_sequela_cli_options() {
    "$1" ${2:+"$2"} --help 2>/dev/null |
        command grep -oE '(^|[ ,])--?[a-z][a-z-]*' | command tr -d ' ,' | command sort -u
}

_sequela_cli() {
    local program=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
    local commands="scan import query eval check format test diff fields export"
    local command="" each
    for each in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        case " $commands " in
            *" $each "*) command=$each && break ;;
        esac
    done
    COMPREPLY=()
    case $previous in
        --format)
            local formats
            case $command in
                scan | export) formats="table json ndjson markdown html csv navigator sarif junit" ;;
                query | fields) formats="table json ndjson" ;;
                test) formats="table json junit" ;;
                diff) formats="markdown json" ;;
                *) formats="text json" ;;
            esac
            mapfile -t COMPREPLY < <(compgen -W "$formats" -- "$word")
            return
            ;;
        --fail-on)
            mapfile -t COMPREPLY < <(compgen -W "low medium high critical" -- "$word")
            return
            ;;
        --dialect)
            mapfile -t COMPREPLY < <(compgen -W "elasticsearch endpoint" -- "$word")
            return
            ;;
        --what)
            mapfile -t COMPREPLY < <(compgen -W "alerts events verdicts notes exceptions" -- "$word")
            return
            ;;
        --runtime-errors)
            mapfile -t COMPREPLY < <(compgen -W "null fail" -- "$word")
            return
            ;;
    esac
    if [ -z "$command" ] && [[ $word != -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$word")
    elif [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_sequela_cli_options "$program" "$command")" -- "$word")
    else
        compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
    fi
}

complete -F _sequela_cli sequela-cli
