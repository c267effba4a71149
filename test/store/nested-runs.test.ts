import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, test} from 'node:test';
import {type RunEvent} from '../../source/core/events.js';
import {costsOf} from '../../source/store/costs.js';
import {openLog} from '../../source/store/database.js';
import {createPurse, spentTodayUsd} from '../../source/store/purse.js';
import {readRun} from '../../source/store/pictures.js';
import {createRunLog} from '../../source/store/run-log.js';
import {createWorld} from '../../source/world.js';
import {pictureOf} from '../helpers/derived.js';
import {fakeModel} from '../helpers/fake-model.js';
import {consortiumOf, play, verdictText} from '../helpers/play.js';

const folder = mkdtempSync(join(tmpdir(), 'log-'));

after(() => {
	rmSync(folder, {recursive: true});
});

const inner = consortiumOf(
	{},
	{
		name: 'pair',
		members: ['a', 'b'].map(model => ({slot: model, model, count: 1})),
		arbiters: [{model: 'judge'}],
	},
);

const cast = () => ({
	a: fakeModel([['One ', 'of a.']]),
	b: fakeModel([['Two.']]),
	judge: fakeModel([[verdictText({synthesis: 'Both.'})]]),
	c: fakeModel([['Three.']]),
	arbiter: fakeModel([[verdictText()]]),
});

const nested = {
	consortiums: new Map([['pair', inner]]),
	consortium: {
		members: ['pair', 'c'].map(model => ({slot: model, model, count: 1})),
	},
};

test('a run with another inside of it is read back from the log as it was told', async () => {
	const log = openLog(join(folder, 'round.db'));
	const write = createRunLog(log);
	const {events, result} = await play(cast(), {
		...nested,
		world: createWorld(),
		onEvent: write,
	});
	write.close();
	const [before, read] = [pictureOf(events), readRun(log, result.runId)];

	assert.deepEqual(read.picture.result, result);
	const insideOf = ({calls}: typeof before) =>
		calls
			.values()
			.map(({start, nested: within}) => [
				start.speaker,
				within?.result?.answer,
				within?.calls
					.values()
					.map(({text}) => text)
					.toArray(),
			])
			.toArray();
	assert.deepEqual(insideOf(read.picture), insideOf(before));
	assert.deepEqual(insideOf(before)[0], [
		'pair#1',
		'Both.',
		['One of a.', 'Two.', verdictText({synthesis: 'Both.'})],
	]);
	log.close();
});

test('a run that was killed inside of another shows what there was', async () => {
	const log = openLog(join(folder, 'killed.db'));
	const told: RunEvent[] = [];
	const {result} = await play(cast(), {
		...nested,
		world: createWorld(),
		onEvent(event) {
			told.push(event);
		},
	});
	const end = told.findIndex(
		event => event.type === 'nested' && event.event.type === 'call-end',
	);
	const write = createRunLog(log);

	for (const event of told.slice(0, end + 1)) {
		write(event);
	}

	// The answer is there although nothing was flushed.
	const {picture} = readRun(log, result.runId);
	const call = picture.calls
		.values()
		.find(({start}) => start.speaker === 'pair#1')!;
	assert.equal(call.outcome, null);
	assert.equal(
		call.nested!.calls.values().some(({outcome}) => outcome !== null),
		true,
	);
	write.close();
	log.close();
});

test('what a nested call cost is counted once, in the log and for the day', async () => {
	const log = openLog(join(folder, 'costs.db'));
	const write = createRunLog(log);
	const world = createWorld();
	const purse = createPurse(log, {dailyUsd: 10, now: world.now});
	const {result} = await play(cast(), {
		...nested,
		world,
		purse,
		onEvent: write,
	});
	write.close();
	const {total} = costsOf(log, {since: null, until: null}, 'run');

	assert.equal(result.costUsd!.toFixed(4), '0.0500');
	assert.equal(total.costUsd!.toFixed(4), '0.0500');
	assert.equal(spentTodayUsd(log, world.now()).toFixed(4), '0.0500');
	log.close();
});

for (const [what, body] of [
	['is no event', '{"parentCallId":"ID","event":{"type":"nonsense"}}'],
	['has no number', '{"parentCallId":"ID","event":{"type":"call-send"}}'],
	[
		'speaks of nobody',
		'{"parentCallId":"ID","event":{"type":"call-delta","callId":"x","channel":"text","text":"x","runId":"x","seq":1,"t":1}}',
	],
	[
		'has a text that is none',
		'{"parentCallId":"ID","event":{"type":"call-delta","callId":"x","channel":"text","text":[],"runId":"x","seq":1,"t":1}}',
	],
] as const) {
	test(`an event inside that ${what} is told as damage`, async () => {
		const log = openLog(join(folder, `${what}.db`));
		const write = createRunLog(log);
		const {events, result} = await play(cast(), {
			...nested,
			world: createWorld(),
			onEvent: write,
		});
		write.close();
		const parent = events.find(event => event.type === 'nested')!.parentCallId;
		log
			.prepare(
				`UPDATE consortium_events SET body = ? WHERE type = 'nested'
				AND seq = (SELECT max(seq) FROM consortium_events WHERE type = 'nested')`,
			)
			.run(body.replace('ID', () => parent));
		assert.throws(() => readRun(log, result.runId), {
			name: 'UserError',
			message: /is damaged: the run .* cannot be read/,
		});
		log.close();
	});
}
