namespace Sluice.Cli.Commands;

/// <summary>The scripts of the shells. Each asks the tool what could stand at the cursor, so that none of them knows an option or a table.</summary>
internal static class CompletionScripts
{
    // bash takes = and : for ends of words, too: it replaces only what stands behind the last of them.
    private const string Bash = """
        # Completion of sluice for bash, printed by 'sluice completion bash'.
        _sluice() {
          local line="${COMP_LINE:0:COMP_POINT}" current="${COMP_WORDS[COMP_CWORD]}" typed before candidate
          typed="${line##*[[:space:]]}"
          case "$typed" in -*=*) typed="${typed#*=}" ;; esac
          case "$current" in : | =) current="" ;; esac
          before="${typed%"$current"}"
          COMPREPLY=()
          while IFS= read -r candidate; do
            case "$candidate" in "$typed"*) COMPREPLY+=("${candidate#"$before"}") ;; esac
          done < <("$1" "[suggest:${#line}]" "$line" 2>/dev/null)
        }
        complete -o bashdefault -o default -F _sluice sluice

        """;

    private const string Zsh = """
        #compdef sluice
        # Completion of sluice for zsh, printed by 'sluice completion zsh'.
        _sluice() {
          local line="${(j: :)words[1,CURRENT]}"
          local -a candidates
          candidates=("${(@f)$("${words[1]}" "[suggest:${#line}]" "$line" 2>/dev/null)}")
          candidates=(${candidates:#})
          if [[ "$PREFIX" == -*=* ]]; then compset -P 1 '*='; fi
          if (( ${#candidates} )); then compadd -- "${candidates[@]}"; else _files; fi
        }
        # Sourced it registers itself; from a folder of fpath it is called.
        if [ "$funcstack[1]" = "_sluice" ]; then _sluice "$@"; else compdef _sluice sluice; fi

        """;

    private const string Fish = """
        # Completion of sluice for fish, printed by 'sluice completion fish'.
        function __sluice_complete
            set -l line (commandline -cp | string collect)
            set -l candidates (sluice "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)
            set -l before (string match -r -- '^-[^=]*=' (commandline -ct))
            if test (count $candidates) -gt 0
                printf '%s\n' "$before"$candidates
            else
                __fish_complete_path (commandline -ct)
            end
        end
        complete -c sluice -f -a '(__sluice_complete)'

        """;

    private const string PowerShell = """
        # Completion of sluice for PowerShell, printed by 'sluice completion powershell'.
        Register-ArgumentCompleter -Native -CommandName sluice -ScriptBlock {
            param($wordToComplete, $commandAst, $cursorPosition)
            $position = $cursorPosition - $commandAst.Extent.StartOffset
            $before = if ($wordToComplete -match '^-[^=]*=') { $Matches[0] } else { '' }
            sluice "[suggest:$position]" "$commandAst" 2>$null | ForEach-Object { "$before$_" } | Where-Object { $_ -like "$wordToComplete*" } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }

        """;

    private static readonly (string Shell, string Script)[] All = [("bash", Bash), ("zsh", Zsh), ("fish", Fish), ("powershell", PowerShell)];

    public static IReadOnlyList<string> Shells { get; } = [.. All.Select(one => one.Shell)];

    /// <summary>The script for a shell, or null when there is none; pwsh is PowerShell's program.</summary>
    public static string? Find(string shell)
    {
        var name = shell.Equals("pwsh", StringComparison.OrdinalIgnoreCase) ? "powershell" : shell;
        return All.FirstOrDefault(one => one.Shell.Equals(name, StringComparison.OrdinalIgnoreCase)).Script?.ReplaceLineEndings("\n");
    }
}
