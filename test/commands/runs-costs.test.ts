import assert from 'node:assert/strict';
import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {test} from 'node:test';
import {ulid} from 'ulid';
import {type RunEvent} from '../../source/core/events.js';
import {runOf} from '../helpers/events.js';
import {fillLog} from '../helpers/filled-log.js';
import {emptyFolder, runProgram} from '../helpers/program.js';

/**
A run of that moment, whose ids tell it as those of the world do.
*/
function runAt(at: number, isSimulated = false): RunEvent[] {
	const runId = ulid(at).toLowerCase();
	return runOf(runId).map((event, index) => ({
		...event,
		...(event.type === 'run-start' && {simulated: isSimulated}),
		t: at + index,
	}));
}

const home = emptyFolder();
const noon = (day: number) => new Date(2026, 10, day, 12).getTime();
fillLog(home, [
	runAt(noon(19)),
	runAt(noon(20)),
	runAt(noon(20) + 1000, true),
	runAt(noon(21)),
]);

const costs = async (...words: readonly string[]) =>
	runProgram(['runs', 'costs', ...words], {home});

const daysIn = ({stdout}: {readonly stdout: string}) =>
	Array.from(stdout.matchAll(/^2026-11-\d+/gm), ([day]) => day);

test('costs are told day by day, with their sum', async () => {
	const {code, stdout, stderr} = await costs();

	// Of each run: three calls of 120 tokens; of one the cost is not known, and one of its attempts broke.
	assert.equal(code, 0);
	assert.match(
		stdout,
		/^day +calls +in +cached +written +out +reasoning +cost\n2026-11-19 +3 +360\+ +192\+ +\? +90\+ +36\+ +\$0\.025 or more\n/,
	);
	assert.match(
		stdout,
		/\ntotal +9 +1080\+ +576\+ +\? +270\+ +108\+ +\$0\.075 or more\n$/,
	);
	assert.equal(stderr, 'Left out: 3 calls of simulated runs.\n');
});

test('a span is whole days, the last one included', async () => {
	const day = (number: number) => `2026-11-${number}`;

	assert.deepEqual(daysIn(await costs('--since', day(20))), [day(20), day(21)]);
	assert.deepEqual(daysIn(await costs('--until', day(20))), [day(19), day(20)]);
	assert.deepEqual(
		daysIn(await costs('--since', day(20), '--until', day(20))),
		[day(20)],
	);
});

test('costs are told by what is asked for', async () => {
	const {stdout} = await costs('--by', 'instance', '--until', '2026-11-19');

	assert.match(stdout, /^consortium +speaker +model +calls /);
	assert.match(stdout, /\nduo +opus#1 +anthropic\/opus +1 +120 +64 /);
	assert.match(
		stdout,
		/\nduo +luna#1 +openai\/luna +1 +120\+ +64\+ .* cost unknown\n/,
	);
});

test('costs as JSON say how much of them is unknown', async () => {
	const {stdout} = await costs('--by', 'model', '--json');
	const report = JSON.parse(stdout) as {
		by: string;
		groups: Array<{
			group: {model: string};
			costUsd: number | null;
			unknown: {costUsd: number};
		}>;
		simulatedCalls: number;
	};

	assert.equal(report.by, 'model');
	assert.deepEqual(
		report.groups.map(({group, costUsd, unknown}) => [
			group.model,
			costUsd === null ? null : costUsd.toFixed(3),
			unknown.costUsd,
		]),
		[
			['anthropic/opus', '0.075', 0],
			['openai/luna', null, 3],
		],
	);
	assert.equal(report.simulatedCalls, 3);
});

test('what embeddings cost is told below the table', async () => {
	const at = noon(19);
	const lineOf = async (costUsd: number | null) => {
		const events = runAt(at);
		const {runId} = events[0]!;
		const compared = emptyFolder();
		fillLog(compared, [
			[
				...events,
				{
					type: 'observation',
					iteration: 1,
					observation: {
						kind: 'similarity',
						model: 'openai/embed',
						instances: [],
						calls: [],
						matrix: [],
						costUsd,
						problem: null,
					},
					runId,
					seq: events.length,
					t: at,
				},
			],
		]);
		const {stdout} = await runProgram(['runs', 'costs'], {home: compared});
		return stdout.split('\n').at(-2);
	};

	assert.equal(
		await lineOf(0.0004),
		'Besides: 1 comparison by embeddings, $0.00040.',
	);
	assert.equal(
		await lineOf(null),
		'Besides: 1 comparison by embeddings, cost unknown.',
	);
});

test('where nothing was called, that is said', async () => {
	const none = await costs('--since', '2030-01-01');
	const empty = emptyFolder();
	const noLog = await runProgram(['runs', 'costs'], {home: empty});

	for (const {code, stdout, stderr} of [none, noLog]) {
		assert.deepEqual([code, stdout], [0, '']);
		assert.match(stderr, /Nothing that costs was called/);
	}

	assert.equal(existsSync(join(empty, 'log.db')), false);
});

for (const date of ['yesterday', '2026-02-30', '2026-13-01', '26-1-1', '']) {
	test(`"${date}" is no day`, async () => {
		const {code, stderr} = await costs(`--since=${date}`);

		assert.equal(code, 2);
		assert.match(stderr, /--since/);
	});
}

test('a grouping nobody knows is refused with those there are', async () => {
	const {code, stderr} = await costs('--by', 'week');

	assert.equal(code, 2);
	assert.match(stderr, /--by takes day, model, .*, or call, not "week"/);
});
