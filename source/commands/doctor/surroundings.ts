import process from 'node:process';
import {WriteStream} from 'node:tty';
import {wantsLines} from '../chat/surface.js';
import {type Place} from '../command.js';
import {findingsOf, type Finding} from './finding.js';

/**
The versions of what it runs on.
*/
export async function versions({version}: Place): Promise<Finding[]> {
	return findingsOf('versions', [
		['consortium-tui', version],
		[
			'Node',
			`${process.versions.node} on ${process.platform}, ${process.arch}`,
		],
		await sqlite(),
	]);
}

async function sqlite(): Promise<
	readonly [name: string, says: string, remedy: string | null]
> {
	try {
		const {sqliteVersion} = await import('../../store/log-health.js');
		return ['SQLite', sqliteVersion(), null];
	} catch (error) {
		return [
			'SQLite',
			`It cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
			'Install consortium-tui again on this machine, with the Node that runs it. Until then, use --no-log.',
		];
	}
}

/**
Below this size the app only says so.
*/
const leastColumns = 60;
const leastRows = 16;

/**
What the terminal can do.
*/
export function terminal(place: Place): Finding[] {
	const {stdin, stdout, stderr, environment} = place;
	const {columns, rows} = stdout.isTTY ? stdout : stderr;
	const of = (stream: {readonly isTTY?: boolean}) =>
		stream.isTTY ? 'a terminal' : 'no terminal';

	return findingsOf('terminal', [
		['stdin', of(stdin)],
		['stdout', of(stdout)],
		['stderr', of(stderr)],
		[
			'size',
			columns === undefined || rows === undefined
				? 'unknown'
				: `${columns} columns, ${rows} rows`,
		],
		['TERM', typeOf(environment['TERM'])],
		['colors', colorsOf(place)],
		['locale', localeOf(environment)],
		['CI', environment['CI'] ? 'yes' : 'no'],
		['app', appOn(place)],
	]);
}

/**
What the app makes of it.
*/
function appOn({stdin, stdout, environment}: Place): string {
	if (!stdin.isTTY || !stdout.isTTY) {
		return 'not here: it needs a terminal for its input and its output';
	}

	if (wantsLines({screenReader: false}, environment)) {
		return 'talks in lines and draws nothing';
	}

	const {columns = 80, rows = 24} = stdout;

	return columns < leastColumns || rows < leastRows
		? `needs ${leastColumns} columns and ${leastRows} rows to be drawn`
		: 'is drawn';
}

function typeOf(term: string | undefined): string {
	return term === 'dumb'
		? 'dumb: progress is told in lines'
		: (term ?? 'not set');
}

const colorNames: Readonly<Record<number, string>> = {
	1: 'none',
	4: '16',
	8: '256',
	24: '16 million',
};

/**
What Node makes of the same variables that terminal programs look at.
*/
function colorsOf({stdout, environment}: Place): string {
	const why = ['NO_COLOR', 'FORCE_COLOR', 'COLORTERM']
		.filter(name => environment[name] !== undefined)
		.map(name => `${name}=${environment[name]!}`);
	const isForced = environment['FORCE_COLOR'] !== undefined;
	const depth =
		stdout.isTTY === true || isForced
			? WriteStream.prototype.getColorDepth(environment)
			: 1;

	return `${colorNames[depth] ?? depth}${why.length > 0 ? ` (${why.join(', ')})` : ''}`;
}

function localeOf(environment: Place['environment']): string {
	const name = ['LC_ALL', 'LC_CTYPE', 'LANG'].find(each => environment[each]);

	if (name === undefined) {
		return 'not set: characters beyond ASCII may not be shown';
	}

	const locale = environment[name]!;
	return `${locale} (${name})${/utf-?8/i.test(locale) ? '' : ': characters beyond ASCII may not be shown'}`;
}
