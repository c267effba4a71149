import {
	closeSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	openSync,
	readFileSync,
	rmSync,
} from 'node:fs';
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {parseArgs} from 'node:util';
import {commands} from '../source/commands/names.js';
import {parseArguments} from '../source/commands/parse.js';
import {isBrokenOff} from '../source/store/broken-off.js';
import {latestConversation, readChain} from '../source/store/chains.js';
import {listConversations} from '../source/store/conversations.js';
import {openLog} from '../source/store/database.js';
import {type Log} from '../source/store/log.js';
import {spentTodayUsd} from '../source/store/purse.js';
import {usageHistory} from '../source/store/usage-history.js';
import {placeAt} from '../test/helpers/place.js';
import {makeBigLog} from './big-log.js';
import {median} from './children.js';
import {makeForeignLog} from './foreign-generator.js';
import {panel} from './log-generator.js';
import {openApp, program} from './open-app.js';

/*
What the log costs when there is much in it: writing, listing, searching, opening, importing, finding runs. Without `--folder` the files are made anew and taken away again; with it they stay there and are used the next time.
*/

const {values: flags} = parseArgs({
	options: {
		responses: {type: 'string', default: '1000000'},
		folder: {type: 'string'},
		rounds: {type: 'string', default: '5'},
	},
});
const total = Number(flags.responses);
const rounds = Number(flags.rounds);
const folder = flags.folder ?? mkdtempSync(path.join(tmpdir(), 'bench-'));
const [big, empty, importing] = ['big', 'empty', 'importing'].map(name => {
	const home = path.join(folder, name);
	mkdirSync(home, {recursive: true});
	return home;
}) as [string, string, string];
const bigLog = path.join(big, 'log.db');

const noteMemory = `data:text/javascript,import fs from 'node:fs'; process.on('exit', () => fs.writeFileSync(3, String(process.resourceUsage().maxRSS)))`;

const say = (text: string) => {
	process.stdout.write(`${text}\n`);
};

const row = (...cells: ReadonlyArray<string | number>) => {
	say(`| ${cells.join(' | ')} |`);
};

const heading = (title: string, ...columns: readonly string[]) => {
	say(`\n${title}\n`);
	row(...columns);
	row(...columns.map(() => '---'));
};

await write();
await readByWords();
await readInApp();
await start();
await changeByWords();

if (flags.folder === undefined) {
	rmSync(folder, {recursive: true});
}

/**
The cost of what a run writes, at each quarter of the way to the whole log.
*/
async function write(): Promise<void> {
	if (existsSync(bigLog)) {
		return;
	}

	const costs = await makeBigLog(bigLog, total);
	heading('1,000 responses of runs', 'written into', 'ms', 'CPU ms');

	for (const {at, ms, processorMs} of costs) {
		row(at, ms.toFixed(0), processorMs.toFixed(0));
	}
}

/**
Commands in this process: each opens the log anew, as in a process of its own, but finds its code loaded.
*/
async function readByWords(): Promise<void> {
	const conversation = reading(bigLog, log => latestConversation(log)!);
	const run = reading(bigLog, log =>
		log
			.prepare<[], string>('SELECT max(id) FROM consortium_runs')
			.pluck()
			.get()!,
	);
	const search = ['logs', 'list', '-n', '20', '-q'];
	heading('Commands', 'words', 'first ms', 'median ms', 'CPU ms', 'aim ms');

	for (const [words, aim] of [
		[['logs', 'list', '-n', '20'], 20],
		...[
			['--role', 'member'],
			['--role', 'arbiter'],
			['--role', 'all'],
			['-m', 'gpt-4o'],
			['-m', 'nobody'],
			['--consortium', 'panel'],
			['--confidence', '<0.7'],
			['--state', 'converged'],
			['--state', 'failed'],
			['--since', '2025-01-01', '--until', '2025-01-31'],
			['--run', run],
			['--cid', conversation],
			['-c'],
			['--id-gt', run],
			['--json'],
			['--full'],
		].map(each => [['logs', 'list', '-n', '20', ...each], 20] as const),
		...[
			'onehundredthousandth',
			'onethousandth',
			'onehundredth',
			'onetenth',
			'onehalf',
			'onehalf onehundredth',
			'onehalf onetenth',
		].flatMap(words => [
			[[...search, words], 60] as const,
			[[...search, words, '--latest'], 60] as const,
		]),
		[[...search, 'onetenth', '--role', 'member'], 60],
		[['logs', 'show', run], 20],
		[['runs', 'list'], 20],
		[['runs', 'show', run], 20],
		[['runs', 'costs'], 0],
		[['runs', 'costs', '--since', '2026-10-25'], 0],
		[['logs', 'status'], 0],
	] as ReadonlyArray<readonly [readonly string[], number]>) {
		row(
			words.join(' '),
			...(await timed(async () => inProcess(words))),
			aim === 0 ? '' : aim,
		);
	}
}

/**
Milliseconds of the first round, of the median one, and of the processor in the median one: on a busy machine this is what the work itself takes.
*/
async function timed(work: () => Promise<void>): Promise<string[]> {
	const times: number[] = [];
	const processor: number[] = [];

	for (let round = 0; round < rounds; round++) {
		const [from, before] = [performance.now(), process.cpuUsage()];
		await work();
		const {user, system} = process.cpuUsage(before);
		times.push(performance.now() - from);
		processor.push((user + system) / 1000);
	}

	return [times[0]!, median(times), median(processor)].map(ms => ms.toFixed(1));
}

async function inProcess(words: readonly string[]): Promise<void> {
	const [name = '', ...rest] = words;
	const command = await commands[name]!();
	const place = placeAt({home: big, columns: 120});
	const code = await command.run({
		...parseArguments(rest, command.flags),
		place,
	});

	if (code !== 0) {
		throw new Error(`${words.join(' ')}: ${place.written().stderr}`);
	}
}

/**
What the app asks the log, on a connection of its own for each round.
*/
async function readInApp(): Promise<void> {
	heading('In the app', 'what', 'first ms', 'median ms', 'CPU ms');
	const now = Date.UTC(2026, 9, 31);

	for (const [name, read] of [
		['open the log', () => null],
		['Ctrl+O', async log => listConversations(log, '')],
		[
			'Ctrl+O, a rare word',
			async log => listConversations(log, 'onethousandth'),
		],
		['Ctrl+O, a common word', async log => listConversations(log, 'onehalf')],
		['-c', async log => readChain(log, latestConversation(log)!)],
		['can it be resumed', log => isBrokenOff(log, latestConversation(log)!)],
		['history for a forecast', log => usageHistory(log, panel)],
		['spent today', log => spentTodayUsd(log, now)],
	] as ReadonlyArray<readonly [string, (log: Log) => unknown]>) {
		const times = await timed(async () => {
			const log = openLog(bigLog);
			await read(log);
			log.close();
		});
		row(name, ...times);
	}
}

function reading<Value>(file: string, read: (log: Log) => Value): Value {
	const log = openLog(file);

	try {
		return read(log);
	} finally {
		log.close();
	}
}

/**
The built app with an empty log and with the big one, in turns.
*/
async function start(): Promise<void> {
	reading(path.join(empty, 'log.db'), () => null);
	const times: Array<{empty: number; big: number}> = [];

	for (let round = 0; round < rounds; round++) {
		times.push({
			empty: (await openApp(empty)).knownMs,
			big: (await openApp(big)).knownMs,
		});
	}

	heading('Start of the app', 'log', 'ms', 'ratio');
	const [first, second] = [
		median(times.map(each => each.empty)),
		median(times.map(each => each.big)),
	];
	row('empty', first.toFixed(0), 1);
	row('big', second.toFixed(0), (second / first).toFixed(2));
}

/**
Long work, each in a process of its own, whose memory is seen at its end.
*/
async function changeByWords(): Promise<void> {
	heading('Long work', 'words', 's', 'rows/s', 'peak MB');

	for (const size of [total / 10, total]) {
		const foreign = path.join(folder, `foreign-${size}.db`);

		if (!existsSync(foreign)) {
			makeForeignLog(foreign, size);
		}

		rmSync(importing, {recursive: true, force: true});
		mkdirSync(importing);
		await measure(importing, size, ['logs', 'import', foreign, '--quiet']);
		await measure(importing, size, ['logs', 'backfill', '--quiet']);
	}

	await measure(big, total, ['logs', 'backup', path.join(folder, 'copy.db')]);
	rmSync(path.join(folder, 'copy.db'), {force: true});
	const conversation = reading(bigLog, log => latestConversation(log)!);
	await measure(big, 1, ['logs', 'delete', '--cid', conversation, '--force']);
	await measure(big, 1, ['logs', 'undo']);
}

async function measure(
	home: string,
	rows: number,
	words: readonly string[],
): Promise<void> {
	const note = path.join(folder, 'memory');
	const descriptor = openSync(note, 'w');
	const from = performance.now();
	const child = spawn(
		process.execPath,
		[`--import=${noteMemory}`, program, ...words],
		{
			env: {...process.env, CONSORTIUM_TUI_HOME: home},
			stdio: ['ignore', 'ignore', 'inherit', descriptor],
		},
	);
	const [code] = (await once(child, 'exit')) as [number | null];
	const seconds = (performance.now() - from) / 1000;
	closeSync(descriptor);

	if (code !== 0) {
		row(words.join(' '), `ended with ${code}`, '', '');
		return;
	}

	row(
		words.join(' '),
		seconds.toFixed(1),
		(rows / seconds).toFixed(0),
		(Number(readFileSync(note, 'utf8')) / 1024).toFixed(0),
	);
}
