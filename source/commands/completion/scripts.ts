import {type Completion, type Grammar} from './grammar.js';

export const shells = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof shells)[number];

/**
How to load the completion in each shell: for this session, and for all.
*/
export const loading: Readonly<Record<Shell, string>> = {
	bash: 'In ~/.bashrc: source <(consortium-tui completion bash)',
	zsh: 'In ~/.zshrc, behind compinit: source <(consortium-tui completion zsh)',
	fish: 'Once: consortium-tui completion fish > ~/.config/fish/completions/consortium-tui.fish',
};

/**
The script that makes a shell complete these commands. Names that can change are asked for when they are needed, by `consortium-tui completion words KIND`.
*/
export function scriptFor(shell: Shell, grammars: readonly Grammar[]): string {
	switch (shell) {
		case 'bash': {
			return `# ${loading.bash}\n\n${tables(grammars)}${bashFront}`;
		}

		case 'zsh': {
			return `#compdef consortium-tui\n# ${loading.zsh}\n\n${tables(grammars)}${zshFront}`;
		}

		case 'fish': {
			return `# ${loading.fish}\n\n${fishLines(grammars)}`;
		}
	}
}

/**
What to offer, for bash and zsh: words, or `@` and what to ask for.
*/
function tables(grammars: readonly Grammar[]): string {
	const names = grammars.map(({name}) => name);
	const flagWords = grammars.map(({name, flags}) => ({
		key: name,
		offer: flags
			.flatMap(({long, short}) => (short === null ? long : [long, short]))
			.join(' '),
	}));
	const takes = grammars.flatMap(({name, flags}) =>
		flags
			.filter(flag => flag.takes !== null)
			.flatMap(({long, short, takes: completion}) =>
				[long, ...(short === null ? [] : [short])].map(flag => ({
					key: `${name} ${flag}`,
					offer: offerOf(completion!),
				})),
			),
	);
	const verbs = grammars
		.filter(grammar => grammar.verbs.size > 0)
		.map(grammar => ({
			key: grammar.name,
			offer: grammar.verbs.keys().toArray().join(' '),
		}));
	const words = grammars.flatMap(({name, verbs: own, word}) =>
		own.size === 0
			? [{key: name, offer: offerOf(word)}]
			: own
					.entries()
					.map(([verb, completion]) => ({
						key: `${name} ${verb}`,
						offer: offerOf(completion),
					}))
					.toArray(),
	);

	return `${[
		caseFunction('flags', flagWords),
		caseFunction('takes', takes),
		caseFunction('verbs', verbs),
		caseFunction(
			'follows',
			words.filter(({offer}) => offer !== '@anything'),
		),
	].join('\n')}
# What to offer: the word at the cursor is first, then those between it and the program's name.
_consortium_tui_offer() {
	local cur=$1 name=run last= offer=
	shift

	for last in "$@"; do
		if [ "$last" = -- ]; then
			return
		fi
	done

	case \${1-} in
	${names.join(' | ')}) name=$1 ;;
	esac

	case $cur in
	--*=*)
		_consortium_tui_takes "$name \${cur%%=*}"
		return
		;;
	esac

	offer=$(_consortium_tui_takes "$name $last")

	if [ -z "$offer" ]; then
		case $cur in
		-*) offer=$(_consortium_tui_flags "$name") ;;
		*)
			if [ $# -eq 0 ]; then
				offer='${names.join(' ')}'
			elif [ $# -eq 1 ]; then
				offer=$(_consortium_tui_verbs "$name")
			else
				offer=$(_consortium_tui_follows "$name \${2-}")
			fi

			if [ -z "$offer" ] && [ $# -gt 0 ]; then
				offer=$(_consortium_tui_follows "$name")
			fi
			;;
		esac
	fi

	printf '%s\\n' "$offer"
}

_consortium_tui_ask() {
	command consortium-tui completion words "$1" 2> /dev/null < /dev/null
}

`;
}

const offerOf = (completion: Completion) =>
	typeof completion === 'string' ? `@${completion}` : completion.join(' ');

/**
A function of a shell that prints what stands behind its argument in a table.
*/
function caseFunction(
	name: string,
	rows: ReadonlyArray<{readonly key: string; readonly offer: string}>,
): string {
	const cases = Map.groupBy(rows, ({offer}) => offer)
		.entries()
		.map(
			([offer, same]) =>
				`\t${same.map(({key}) => `'${key}'`).join(' | ')}) printf '%s\\n' '${offer}' ;;\n`,
		)
		.toArray()
		.join('');

	return `_consortium_tui_${name}() {\n\tcase $1 in\n${cases}\tesac\n}\n`;
}

const bashFront = `_consortium_tui() {
	local line=\${COMP_LINE:0:COMP_POINT} cur='' offer word
	local -a before=()
	COMPREPLY=()
	read -ra before <<< "$line"

	if [[ $line == *[![:space:]] ]]; then
		cur=\${before[\${#before[@]} - 1]}
		before=("\${before[@]:0:\${#before[@]} - 1}")
	fi

	offer=$(_consortium_tui_offer "$cur" "\${before[@]:1}")

	case $offer in
	'' | @anything) return ;;
	@files)
		compopt -o default 2> /dev/null
		return
		;;
	@*) offer=$(_consortium_tui_ask "\${offer#@}") ;;
	esac

	local flag='' lead='' breaks=\${COMP_WORDBREAKS//[^:=]/}

	if [[ $cur == --*=* ]]; then
		flag=\${cur%%=*}=
	fi

	# Bash replaces only what stands behind the last of these.
	if [[ -n $breaks ]]; then
		lead=\${cur%"\${cur##*[$breaks]}"}
	fi

	while IFS= read -r word; do
		if [[ -n $word && $flag$word == "$cur"* ]]; then
			word=$flag$word
			printf -v word '%q' "\${word#"$lead"}"
			COMPREPLY+=("$word")
		fi
	done <<< "\${offer// /$'\\n'}"
}

complete -F _consortium_tui consortium-tui
`;

const zshFront = `_consortium_tui() {
	local cur=\${words[CURRENT]} offer
	offer=$(_consortium_tui_offer "$cur" "\${(@)words[2,CURRENT-1]}")

	if [[ $cur == --*=* ]]; then
		compset -P '*='
	fi

	case $offer in
	'' | @anything) return ;;
	@files)
		_files
		return
		;;
	@*) offer=$(_consortium_tui_ask "\${offer#@}") ;;
	esac

	compadd -- \${=offer}
}

# Read by the completion system from a folder of its own, this file is the function.
if [[ \${funcstack[1]-} == _consortium-tui ]]; then
	_consortium_tui "$@"
else
	compdef _consortium_tui consortium-tui
fi
`;

function fishLines(grammars: readonly Grammar[]): string {
	const names = grammars.map(({name}) => name).join(' ');
	const line = (condition: string, rest: string) =>
		`complete -c consortium-tui -n '${condition}' ${rest}\n`;

	const commands = grammars.map(({name, summary}) =>
		line(
			'__consortium_tui_has 1',
			`-a ${name} -d ${quoted(firstSentence(summary))}`,
		),
	);
	const words = grammars.flatMap(({name, verbs, word}) =>
		verbs.size === 0
			? word === 'anything'
				? []
				: [line(`__consortium_tui_at ${name}`, fishOffer(word))]
			: [
					line(
						`__consortium_tui_has 2; and __consortium_tui_at ${name}`,
						`-a '${verbs.keys().toArray().join(' ')}'`,
					),
					...verbs
						.entries()
						.filter(([, completion]) => completion !== 'anything')
						.map(([verb, completion]) =>
							line(
								`__consortium_tui_at ${name} ${verb}`,
								fishOffer(completion),
							),
						),
				],
	);
	const flags = grammars.flatMap(({name, flags: own}) =>
		own.map(({long, short, takes, meaning}) =>
			line(
				`__consortium_tui_at ${name}`,
				[
					...(short === null ? [] : [`-s ${short.slice(1)}`]),
					`-l ${long.slice(2)}`,
					...(takes === null ? [] : [takes === 'files' ? '-r' : '-x']),
					...(takes === null || takes === 'anything' ? [] : [fishOffer(takes)]),
					`-d ${quoted(firstSentence(meaning))}`,
				].join(' '),
			),
		),
	);

	return `function __consortium_tui_at --description 'Whether the command, and the word behind it, are these'
	set -l before (commandline -opc)
	set -l name run

	if contains -- "$before[2]" ${names}
		set name $before[2]
	end

	not contains -- -- $before
	and test "$name" = "$argv[1]"
	and begin
		test (count $argv) -eq 1
		or test "$before[3]" = "$argv[2]"
	end
end

function __consortium_tui_has --description 'Whether this many words are there already'
	test (count (commandline -opc)) -eq $argv[1]
end

function __consortium_tui_ask
	command consortium-tui completion words $argv[1] 2>/dev/null </dev/null
end

complete -c consortium-tui -f
${[...commands, ...words, ...flags].join('')}`;
}

function fishOffer(completion: Completion): string {
	if (completion === 'files') {
		return '-F';
	}

	return typeof completion === 'string'
		? `-a '(__consortium_tui_ask ${completion})'`
		: `-a '${completion.join(' ')}'`;
}

const firstSentence = (text: string) => text.split(/\.\s|\.$/, 1)[0]!;

const quoted = (text: string) =>
	`'${text.replaceAll(/['\\]/g, match => `\\${match}`)}'`;
