import assert from 'node:assert/strict';
import {test, type TestContext} from 'node:test';
import {changeConfig} from '../../../source/config/config.js';
import {type RunEvent} from '../../../source/core/events.js';
import {mulberry32} from '../../../source/core/random.js';
import {type RunResult} from '../../../source/core/result.js';
import {verdictText} from '../../helpers/play.js';
import {emptyFolder, runProgram, startProgram} from '../../helpers/program.js';
import {chatText} from '../../helpers/scenes.js';
import {startWirePlayer, type SeenRequest} from '../../helpers/wire-player.js';

const moments = 20;
const seed = 20_261_121;
const members = ['oak', 'elm', 'ash'] as const;

/**
A server where three members and an arbiter always say the same in the same iteration.
*/
async function serveTrio(t: TestContext) {
	const player = await startWirePlayer(request => {
		const {model} = request;
		const iteration = iterationOf(request);
		const text =
			model === 'judge'
				? verdictText({
						confidence: iteration === 3 ? 0.9 : 0.3,
						needsIteration: iteration < 3,
						synthesis: `Synthesis ${iteration} of what they said.`,
						areas: [`Area ${iteration}`],
					})
				: `I am the ${model} and this is what I say in iteration ${iteration}.\n<final>${model}</final>\n<confidence>0.${iteration}</confidence>`;

		return {...chatText(text, {model}), betweenMs: 1};
	});
	t.after(player.close);

	return {
		...player,
		words: [
			'run',
			...members.flatMap(name => ['-m', `local/${name}`]),
			'--arbiter',
			'local/judge',
			'Which tree?',
		],
	};
}

/**
Which iteration a request belongs to: an instance replies in its own conversation, and an arbiter is told of each iteration before in a line.
*/
function iterationOf({model, raw, json}: SeenRequest): number {
	return model === 'judge'
		? raw.matchAll(/Iteration \d+: confidence/g).toArray().length + 1
		: (json['messages'] as ReadonlyArray<{role: string}>).filter(
				({role}) => role === 'user',
			).length;
}

const nameOf = (request: SeenRequest) =>
	`${request.model} ${iterationOf(request)}`;

async function homeFor(url: string): Promise<string> {
	const home = emptyFolder();
	const added = await runProgram(
		['endpoints', 'add', 'local', '--base-url', url],
		{home},
	);
	assert.equal(added.code, 0, added.stderr);
	return home;
}

const eventsIn = (stdout: string) =>
	stdout
		.split('\n')
		.slice(0, -1)
		.map(line => JSON.parse(line) as RunEvent);

/**
What a result says, without what differs between any two runs: ids, times, and the calls that were broken off.
*/
function essenceOf({
	prompt,
	answer,
	confidence,
	status,
	exitCode,
	reasons,
	iterations,
}: RunResult) {
	return {
		prompt,
		answer,
		confidence,
		status,
		exitCode,
		reasons,
		iterations: iterations.map(({instances, verdicts}) => ({
			instances: instances
				.filter(({state}) => state !== 'cancelled')
				.map(({id, model, state, answer: said, final}) => [
					id,
					model,
					state,
					said,
					final,
				])
				.toSorted((one, other) => one[0]!.localeCompare(other[0]!)),
			verdicts: verdicts.map(({synthesis, needsIteration, refinementAreas}) => [
				synthesis,
				needsIteration,
				refinementAreas,
			]),
		})),
	};
}

test(`a run that is killed at any of ${moments} moments goes on as if it had not been, and buys no answer twice`, async t => {
	const random = mulberry32(seed);
	const server = await serveTrio(t);
	const whole = await runProgram([...server.words, '--events'], {
		home: await homeFor(server.url),
	});
	const all = eventsIn(whole.stdout);
	const last = all.at(-1)!;
	assert.strictEqual(last.type, 'run-end', whole.stderr);
	assert.equal(last.result.iterations.length, 3);
	const reached = new Set<string>();

	for (let round = 0; round < moments; round++) {
		const home = await homeFor(server.url);
		const lines = 2 + Math.floor(random() * (all.length - 3));
		const asked = server.seen.length;
		const running = startProgram([...server.words, '--events'], {home});
		let seen = 0;
		running.child.stdout.on('data', (text: string) => {
			seen += text.split('\n').length - 1;

			if (seen >= lines) {
				running.child.kill('SIGKILL');
			}
		});
		const killed = await running.ended;
		const before = eventsIn(killed.stdout);
		const {runId} = before[0]!;
		const where = `seed ${seed}, moment ${round}, after ${before.length} of ${all.length} events`;

		if (before.at(-1)?.type === 'run-end') {
			continue;
		}

		const done = new Set(
			before.flatMap(event =>
				event.type === 'call-end' && event.outcome.state === 'answered'
					? [`${nameIn(event)} ${event.iteration}`]
					: [],
			),
		);
		reached.add(before.at(-1)!.type);
		const resumed = server.seen.length;
		const after = await runProgram(['runs', 'resume', runId, '--json'], {home});
		assert.equal(after.code, 0, `${where}: ${after.stderr}`);
		const result = JSON.parse(after.stdout) as RunResult;

		assert.equal(result.runId, runId, where);
		assert.deepEqual(essenceOf(result), essenceOf(last.result), where);
		assert.deepEqual(
			server.seen
				.slice(resumed)
				.map(request => nameOf(request))
				.filter(name => done.has(name)),
			[],
			`${where}: what had been answered is asked again`,
		);
		const again = server.seen.slice(asked).map(request => nameOf(request));
		assert.deepEqual(
			[...new Set(again)].toSorted(),
			everything.toSorted(),
			`${where}: everything is asked`,
		);
		assert.ok(
			Object.values(Object.groupBy(again, name => name)).every(
				times => times!.length <= 2,
			),
			where,
		);
	}

	assert.ok(reached.size >= 2, 'it was killed at moments of different kinds');
});

const everything = [1, 2, 3].flatMap(iteration =>
	[...members, 'judge'].map(name => `${name} ${iteration}`),
);

function nameIn({speaker}: {readonly speaker: string}): string {
	return speaker.startsWith('arbiter#')
		? 'judge'
		: speaker.replace(/#\d+$/, '');
}

test('the log of a resumed run tells all its events, and a second time there is nothing to resume', async t => {
	const server = await serveTrio(t);
	const home = await homeFor(server.url);
	const running = startProgram([...server.words, '--events'], {home});
	await running.until(/"type":"verdict"/);
	running.child.kill('SIGKILL');
	const {stdout} = await running.ended;
	const {runId} = eventsIn(stdout)[0]!;

	const after = await runProgram(['runs', 'resume', runId.slice(0, 24), '-q'], {
		home,
	});
	assert.equal(after.stdout, 'Synthesis 3 of what they said.\n');
	const shown = await runProgram(['runs', 'show', runId], {home});
	assert.match(shown.stdout, /converged/);
	const again = await runProgram(['runs', 'resume', runId], {home});
	assert.equal(again.code, 2);
	assert.match(again.stderr, /ended by itself \(converged\)/);
});

test('a cancelled run and a run at its budget go on with what is missing', async t => {
	const server = await serveTrio(t);
	const home = await homeFor(server.url);
	const running = startProgram([...server.words, '--events'], {home});
	await running.until(/"type":"verdict"/);
	running.child.kill('SIGINT');
	const cancelled = await running.ended;
	assert.equal(cancelled.code, 130);
	const {runId} = eventsIn(cancelled.stdout)[0]!;
	const before = server.seen.length;
	const resumed = await runProgram(['runs', 'resume', runId, '--json'], {home});
	assert.equal(resumed.code, 0, resumed.stderr);
	assert.ok(server.seen.length - before <= 8, 'the first iteration is kept');
});

test('a run at the end of its budget wants more of it, and keeps what it has bought', async t => {
	const server = await serveTrio(t);
	const home = await homeFor(server.url);
	await changeConfig(home, config => ({
		...config,
		settings: {
			// A dollar for the thousand tokens an answer is taken for; the answers have seven.
			prices: Object.fromEntries(
				[...members, 'judge'].map(name => [
					`local/${name}`,
					{input: 0, output: 1000},
				]),
			),
		},
	}));
	const limited = await runProgram(
		[...server.words, '--budget', '3.02', '--json'],
		{home},
	);
	const result = JSON.parse(limited.stdout) as RunResult;
	assert.equal(limited.code, 6, limited.stderr);
	assert.equal(result.iterations.length, 1);
	assert.match(result.reasons[0]!, /budget of \$3\.02 would be exceeded/);

	const refused = await runProgram(['runs', 'resume', result.runId], {home});
	assert.equal(refused.code, 2);
	assert.match(
		refused.stderr,
		/ended at its budget.*3\.0000 more must be set aside.*--budget/s,
	);
	const before = server.seen.length;
	const resumed = await runProgram(
		['runs', 'resume', result.runId, '--budget', '6', '--json'],
		{home},
	);
	const whole = JSON.parse(resumed.stdout) as RunResult;
	assert.equal(resumed.code, 0, resumed.stderr);
	assert.equal(server.seen.length - before, 8);
	assert.equal(whole.consortium.limits.budgetUsd, 6);
	assert.equal(whole.costUsd?.toFixed(6), (12 * 0.007).toFixed(6));
});

test('a run that still goes on cannot be resumed', async t => {
	const server = await serveTrio(t);
	const home = await homeFor(server.url);
	const running = startProgram([...server.words, '--events'], {home});
	await running.until(/"type":"call-delta"/);
	running.child.kill('SIGSTOP');
	const listed = await runProgram(['runs', 'list', '--json'], {home});
	const [{id}] = JSON.parse(listed.stdout) as [{readonly id: string}];
	const refused = await runProgram(['runs', 'resume', id], {home});
	running.child.kill('SIGKILL');
	await running.ended;
	assert.equal(refused.code, 2);
	assert.match(refused.stderr, /still running/);
});
