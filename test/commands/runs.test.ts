import assert from 'node:assert/strict';
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {parseArguments} from '../../source/commands/parse.js';
import {runs} from '../../source/commands/runs.js';
import {type RunEvent} from '../../source/core/events.js';
import {createRunControl} from '../../source/core/run-control.js';
import {openLog} from '../../source/store/database.js';
import {rate} from '../../source/store/ratings.js';
import {columnsOf} from '../../source/text/columns.js';
import {createTable} from '../helpers/derived.js';
import {runOf} from '../helpers/events.js';
import {fakeModel} from '../helpers/fake-model.js';
import {fillLog} from '../helpers/filled-log.js';
import {placeAt} from '../helpers/place.js';
import {fillListedLog, ids} from '../helpers/listed-log.js';
import {verdictText} from '../helpers/play.js';
import {emptyFolder, runProgram} from '../helpers/program.js';

const evil = '\u001B]0;mine\u0007\u001B[2J';
const home = emptyFolder();
fillLog(home, [
	runOf('01a', {prompt: 'The first?'}),
	runOf('01b', {prompt: `The second ${evil}, which is long? `.repeat(9)}),
	// Cut off: no process will end it.
	runOf('02a', {prompt: 'The third?'}).slice(0, 14),
]);

const runsAt = async (words: readonly string[], columns: number) => {
	const place = placeAt({home, columns});
	await runs.run({...parseArguments(words, runs.flags), place});
	return place.written().stdout;
};

const runIn = (json: string) =>
	JSON.parse(json) as {id: string; result: {answer: string} | null};

test('runs are listed oldest first, with how they ended', async () => {
	const {code, stdout} = await runProgram(['runs'], {home});
	const listed = stdout.split('\n').map(line => line.split(' ', 1)[0]);

	assert.equal(code, 0);
	assert.deepEqual(listed, ['id', '01a', '01b', '02a', '']);
	assert.match(stdout, /^01a +\S+ \S+ +converged +90% +The first\? +duo +\$/m);
	assert.match(
		stdout,
		/^02a .*(?:running|interrupted) +\? +The third\? +duo +cost unknown$/m,
	);
});

test('imported runs are listed with the same keys, and what is known of them', async () => {
	const at = emptyFolder();
	const log = openLog(join(at, 'log.db'));
	fillListedLog(log);
	log.close();
	const listed = async (words: readonly string[], columns: number) => {
		const place = placeAt({home: at, columns});
		await runs.run({...parseArguments(words, runs.flags), place});
		return place.written().stdout;
	};

	const [found, own] = JSON.parse(await listed(['--json'], 0)) as Array<
		Record<string, unknown>
	>;

	assert.deepEqual(
		Object.keys(own!).filter(key => !Object.hasOwn(found!, key)),
		[],
	);
	assert.equal(found!['kind'], 'imported');
	assert.equal(found!['costUsd'], null);

	const table = await listed([], 100);
	const [, row] = table.split('\n', 2);
	const [shown] = row!.split(' ', 1);
	assert.match(row!, /answered +60% +Which is bet\S* +pyduo +imported$/);
	assert.ok(ids.output.startsWith(shown!));
	assert.ok(shown!.length < 26);
	assert.match(await listed(['show', shown!], 100), /imported/);
	assert.ok((await listed([], 120)).includes(ids.output));
});

test('the latest few are listed, as JSON too', async () => {
	const {stdout} = await runProgram(['runs', 'list', '-n', '2', '--json'], {
		home,
	});
	const all = await runProgram(['runs', '-n', '0', '--json'], {home});

	assert.deepEqual(
		(JSON.parse(stdout) as Array<{id: string}>).map(({id}) => id),
		['01b', '02a'],
	);
	assert.equal((JSON.parse(all.stdout) as unknown[]).length, 3);
});

test('a list says which way a run went, and that a vote has no confidence', async () => {
	const own = emptyFolder();
	const ask = ['run', '-C', 'demo', '--no-stdin', 'Tabs or spaces?'];
	const voting = ['--strategy', 'voting', '--judging', 'rank'];
	await runProgram([...ask, ...voting], {home: own});
	await runProgram([...ask, '--max-iterations', '1'], {home: own});
	const {stdout} = await runProgram(['runs', 'list'], {home: own});

	assert.match(
		stdout,
		/ vote {2}Tabs .* simulated {2}voting \+ rank\n.* \d\d% +Tabs .* simulated *\n$/v,
	);
});

test('the runs of one conversation are listed', async () => {
	const {stdout} = await runProgram(
		['runs', '--conversation', '01B', '--json'],
		{home},
	);
	const none = await runProgram(['runs', '--conversation', '09'], {home});

	assert.deepEqual(
		(JSON.parse(stdout) as Array<{id: string}>).map(({id}) => id),
		['01b'],
	);
	assert.equal(none.stdout, '');
	assert.match(none.stderr, /no run of a conversation `09`/);
});

test('a run whose process is gone is listed with the way to resume it, and so are others that can go on', async () => {
	const folder = emptyFolder();
	const ended = runOf('01a').map(event =>
		event.type === 'run-end'
			? {...event, result: {...event.result, status: 'limited' as const}}
			: event,
	);
	fillLog(folder, [ended, runOf('02a').slice(0, 14), runOf('03a')]);
	const log = openLog(join(folder, 'log.db'));
	// Above the largest pid a system gives.
	log.exec('UPDATE consortium_runs SET pid = 99999999');
	log.close();
	const shown = async (...words: readonly string[]) => {
		const {stdout, stderr} = await runProgram(['runs', ...words], {
			home: folder,
		});
		return {stdout, stderr};
	};

	const {stdout, stderr} = await shown();

	assert.match(stdout, /^02a .*interrupted/m);
	assert.equal(
		stderr,
		'Interrupted; resume with: consortium-tui runs resume 02a\n',
	);
	assert.match(
		(await shown('show', '01a')).stdout,
		/\nResume with: .*resume 01a\n/,
	);
	assert.match(
		(await shown('show', '02a')).stdout,
		/\nResume with: .*resume 02a\n/,
	);
	assert.doesNotMatch((await shown('show', '03a')).stdout, /Resume with/);
});

test('a run that was made from another or resumed says so in the list', async () => {
	const folder = emptyFolder();
	const events = runOf('01b').map((event): RunEvent =>
		event.type === 'run-start'
			? {...event, kind: 'retry', derivedFrom: '01a'}
			: event,
	);
	fillLog(folder, [
		[
			...events,
			{
				type: 'run-resume',
				runId: '01b',
				seq: 99,
				t: events.at(-1)!.t + 1,
				limits: {budgetUsd: null, timeoutSeconds: 60},
			},
		],
	]);
	const {stdout} = await runProgram(['runs'], {home: folder});

	assert.match(stdout, /asked again, resumed\n$/);
});

test('a run is told from its question to its end', async () => {
	const {code, stdout} = await runProgram(['runs', 'show', '01a'], {home});
	const order = [
		'run 01a: converged (exit code 0)',
		'The first?',
		'Iteration 1',
		'opus#1 answered',
		'confidence 85%',
		'final: 42',
		'luna#1 truncated',
		'attempt 2 broke: The model is overloaded.',
		'arbiter#1 answered',
		'verdict of arbiter#1: confidence 90% · agreement 100% · wants no other iteration',
		'ranking: opus#1 > luna#1',
		'dissent of luna#1: One is less sure.',
		'to refine: units',
		'! No tag was closed.',
		'→ ask: Nobody has answered yet.',
		'Answer',
		'Forty-two, both say.',
		'Why it ended',
	];

	assert.equal(code, 0);
	assert.deepEqual(
		order.map(part => [part, stdout.includes(part)]),
		order.map(part => [part, true]),
	);
	assert.deepEqual(
		order.toSorted(
			(left, right) => stdout.indexOf(left) - stdout.indexOf(right),
		),
		order,
	);
});

test('what a person did, what was carried over and what was thought of it is told', async () => {
	const folder = emptyFolder();
	const table = createTable({
		a: fakeModel([['one a'], ['two a']], {costUsd: 0.25}),
		b: fakeModel([['one b']]),
		arbiter: fakeModel([[verdictText()]]),
	});
	const control = createRunControl();
	const first = await table.ask({
		control,
		onEvent(event) {
			if (event.type === 'call-end' && event.speaker === 'b#1') {
				control.leaveOut(event.callId);
				control.swap('a#1', 'new/other');
			}
		},
	});
	const {events, result} = await table.derive('retry', first.events, {
		redo: {'a#1': 'new/other'},
		findModel: async () => fakeModel([['other']]),
	});
	fillLog(folder, [first.events, events]);
	const log = openLog(join(folder, 'log.db'));
	rate(log, {id: 'r', runId: result.runId, callId: null, score: 1, at: 1});
	log.close();

	const show = async (id: string) => {
		const place = placeAt({home: folder});
		const call = parseArguments(['show', id], runs.flags);
		assert.equal(await runs.run({...call, place}), 0);
		return place.written().stdout;
	};

	const before = await show(first.result.runId);
	const after = await show(result.runId);

	assert.match(before, /left-out: A person left it out\./);
	assert.match(before, /■ b#1 left out \(person\)/);
	assert.match(before, /■ a#1 not asked again, as another model: The model/);
	assert.match(before, /b#1 \(b\): A person left its answer out\./);
	assert.ok(after.includes(`retry of run ${first.result.runId}`));
	assert.match(after, /b#1 answered · .*call \S+ · from run /);
	assert.doesNotMatch(after, /\$0\.25.*from run/);
	assert.match(after, /swapped-in: A person put new\/other in the place of a/);
	assert.match(after, /rated 100% by the person/);
});

test('a run as JSON has its result, which is null while there is none', async () => {
	const ended = await runProgram(['runs', 'show', '01a', '--json'], {home});
	const open = await runProgram(['runs', 'show', '02', '--json'], {home});

	const {id, result} = runIn(ended.stdout);
	assert.equal(result?.answer, 'Forty-two, both say.');
	assert.equal(id, '01a');
	assert.equal(runIn(open.stdout).result, null);
});

test('a run that was cut off is told as far as it went', async () => {
	const {code, stdout} = await runProgram(['runs', 'show', '02a'], {home});

	assert.equal(code, 0);
	assert.match(stdout, /Iteration 1\n/);
	assert.match(stdout, /Answer\n {2}None\.\n/);
});

for (const [needsIteration, phrase] of [
	[null, 'does not say whether to go on'],
	[true, 'wants another iteration'],
	[false, 'wants no other iteration'],
] as const) {
	test(`an arbiter whose wish is ${needsIteration} is told to be one that ${phrase}`, async () => {
		const folder = emptyFolder();
		fillLog(folder, [
			runOf('01a').map(event =>
				event.type === 'verdict'
					? {...event, verdict: {...event.verdict, needsIteration}}
					: event,
			),
		]);
		const {stdout} = await runProgram(['runs', 'show', '01a'], {home: folder});

		assert.ok(stdout.includes(`agreement 100% · ${phrase}\n`), stdout);
	});
}

for (const columns of [50, 80]) {
	test(`at a terminal of ${columns} columns nothing is wider and nothing acts on it`, async () => {
		for (const words of [[], ['show', '01b']]) {
			const shown = await runsAt(words, columns);

			assert.match(shown, /The sec/);
			assert.doesNotMatch(shown, /[\0-\u0008\u000B-\u001F\u007F-\u009F]/);

			for (const line of shown.split('\n')) {
				assert.ok(columnsOf(line) <= columns, line);
			}
		}
	});
}

test('a pipe gets the words as they were', async () => {
	const {stdout} = await runProgram(['runs', 'show', '01b'], {home});

	assert.ok(stdout.includes(evil));
});

test('without a log there is nothing to list, and none is made', async () => {
	const empty = emptyFolder();
	const listed = await runProgram(['runs'], {home: empty});
	const asJson = await runProgram(['runs', '--json'], {home: empty});
	const shown = await runProgram(['runs', 'show', '01'], {home: empty});

	assert.deepEqual([listed.code, listed.stdout], [0, '']);
	assert.match(listed.stderr, /Nothing is in the log yet/);
	assert.equal(asJson.stdout, '[]\n');
	assert.equal(shown.code, 2);
	assert.equal(existsSync(join(empty, 'log.db')), false);
});

for (const [words, message] of [
	[['runs', 'sho'], /Did you mean "show"\?/],
	[['runs', 'show'], /The id is missing/],
	[['runs', 'show', '09'], /no run/],
	[['runs', 'show', '01'], /More than one run/],
	[['runs', 'list', 'x'], /"x" is more than/],
	[['runs', '-n', 'x'], /--count takes a whole number from 0/],
] as const) {
	test(`${words.join(' ')} is a usage error`, async () => {
		const {code, stdout, stderr} = await runProgram(words, {home});

		assert.equal(code, 2);
		assert.equal(stdout, '');
		assert.match(stderr, message);
	});
}
