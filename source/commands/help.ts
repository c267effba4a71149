import {wrapped} from '../text/columns.js';
import {type Command, type Flags, type Verb} from './command.js';
import {commonFlags, flagName} from './common-flags.js';

const mostColumns = 100;
const leastColumns = 30;

/**
The page of a command: what it does, its flags, examples to type.
*/
export function commandHelp(
	{
		usage,
		summary,
		flags,
		examples,
	}: Pick<Command, 'usage' | 'flags' | 'examples'> &
		Partial<Pick<Command, 'summary'>>,
	columns = mostColumns,
): string {
	const width = Math.min(columns, mostColumns);

	return [
		...usage.map(line => `consortium-tui ${line}`),
		...(summary === undefined ? [] : ['', ...wrapped(summary, width)]),
		'',
		'Flags',
		...flagLines({...flags, ...commonFlags}, width),
		'',
		'Examples',
		...examples.map(
			example =>
				`  ${example.includes('consortium-tui') ? example : `consortium-tui ${example}`}`,
		),
		'',
	].join('\n');
}

/**
The page of a verb of a command.
*/
export function verbHelp(
	{flags, verbs}: Command,
	name: string,
	columns = mostColumns,
): string {
	const verb: Verb = verbs![name]!;
	const own = Object.fromEntries(
		verb.flags.map(flag => [
			flag,
			{...flags[flag]!, meaning: meaningFor(name, flags[flag]!.meaning)},
		]),
	);

	return commandHelp(
		{
			usage: [verb.usage],
			summary: verb.summary,
			flags: own,
			examples: verb.examples,
		},
		columns,
	);
}

/**
The part of a meaning that is said of a verb, as in `export: overwrite a file; resume: whatever it costs.`, without the verb.
*/
function meaningFor(verb: string, meaning: string): string {
	const parts = meaning
		.split(/; (?=[\-a-z ,]+: )/v)
		.map(part => /^(?<verbs>[\-a-z ,]+): (?<said>.*)$/sv.exec(part)?.groups);
	const part = parts.find(groups =>
		groups?.['verbs']!.split(/[ ,]+/).includes(verb),
	);
	const said = part?.['said'] ?? meaning;
	return `${said[0]!.toUpperCase()}${said.slice(1)}`;
}

function flagLines(flags: Flags, columns: number): string[] {
	const rows = Object.entries(flags).map(
		([name, {short, value, meaning, isMultiple}]) => ({
			left: `  ${short === undefined ? '    ' : `-${short}, `}${flagName(name)}${value === undefined ? '' : ` ${value}`}`,
			right: meaning + (isMultiple ? ' May be repeated.' : ''),
		}),
	);
	const width = Math.max(...rows.map(({left}) => left.length)) + 2;
	// Beside the flags there may be too little room to read.
	const isBelow = columns - width < leastColumns;
	const indent = ' '.repeat(isBelow ? 8 : width);

	return rows.map(({left, right}) => {
		const lines = wrapped(right, columns - indent.length).join(`\n${indent}`);
		return isBelow ? `${left}\n${indent}${lines}` : left.padEnd(width) + lines;
	});
}

/**
The page of the program: every command in a line, and where to go on.
*/
export function helpText(): string {
	return `consortium-tui: several language models answer, an arbiter weighs, they iterate until it is confident.

Usage
  consortium-tui                     open the app: ask, watch, follow up
  consortium-tui [run] PROMPT        ask the default consortium, or the models you have keys for
  consortium-tui run -C demo PROMPT  try it with simulated models: no key, no network, no cost

Commands
  chat [PROMPT]                      the app, with a first question if you like
  run [PROMPT]                       ask once; standard input is appended to the prompt
  save NAME                          save a consortium under a name
  list, show NAME, remove NAME       the saved consortiums
  edit NAME                          change one: by flags, or its JSON in your editor
  clone NAME NEW, rename NAME NEW    copy one, or give it another name
  export NAME…, import FILE          share them as JSON; keys are never in it
  default [NAME]                     which one is used when none is named
  validate [NAME]                    check one, and tell what a run would call and cost
  strategies                         ways to run a consortium
  models [PROVIDER]                  models, the state of their keys, prices, context
  keys [list]|set|remove             keys, stored where only you can read them
  endpoints list|add|remove          servers of your own, routers and proxies
  doctor                             what could be in the way: files, log, keys, servers
  logs [list]|show ID|path|status    the log of every answer; logs on|off
  logs import FILE…, backfill        llm's logs, and the runs of consortiums in them
  logs delete, undo, vacuum, backup  delete answers, bring them back, make room, copy the log
  runs [list]|show ID                runs: iterations, answers, waits, verdicts, cost
  runs export ID, runs costs         one as Markdown, JSON or HTML; what all of them cost
  runs resume ID, rearbitrate ID     let one go on that was cut off; judge its answers again
  completion bash|zsh|fish           a script that makes your shell complete all this

Every command has --help with its flags and examples.

Exit codes of run
  0 converged   3 threshold not reached   4 degraded   5 no answer   6 budget or time limit
  1 a bug   2 usage or configuration   129, 130, 143 hung up, interrupted, terminated   141 output closed
`;
}
