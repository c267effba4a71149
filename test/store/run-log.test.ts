import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {hostname, tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, test} from 'node:test';
import Database from 'better-sqlite3';
import {Abort} from '../../source/core/abort.js';
import {type RunEvent, type RunEventBody} from '../../source/core/events.js';
import {openLog} from '../../source/store/database.js';
import {runEvents} from '../../source/store/run-events.js';
import {createRunLog, type RunLogOptions} from '../../source/store/run-log.js';
import {pictureOf} from '../helpers/derived.js';
import {callStart, runOf, runStart, stamped} from '../helpers/events.js';
import {brokenRules} from '../helpers/grammar.js';
import {play, verdictText} from '../helpers/play.js';
import {castOf, resume, type Scripts} from '../helpers/resumed.js';
import {stillWorld} from '../helpers/world.js';

const folder = mkdtempSync(join(tmpdir(), 'log-'));

after(() => {
	rmSync(folder, {recursive: true});
});

function logged(
	name: string,
	events: readonly RunEvent[],
	options: RunLogOptions = {},
) {
	const log = openLog(join(folder, name));
	const write = createRunLog(log, options);

	for (const event of events) {
		write(event);
	}

	write.close();
	return log;
}

/**
The events with neighbouring pieces of one stream joined at the place of the last.
*/
function unsplit(events: readonly RunEvent[]): RunEvent[] {
	const joined: RunEvent[] = [];
	const pending = new Map<string, RunEvent & {type: 'call-delta'}>();

	for (const event of events) {
		if (event.type === 'call-delta') {
			const key = `${event.callId} ${event.channel}`;
			const text = (pending.get(key)?.text ?? '') + event.text;
			pending.set(key, {...event, text});
			continue;
		}

		if (
			event.type === 'call-end' ||
			(event.type === 'call-retry' && event.startsOver)
		) {
			for (const [key, delta] of pending) {
				if (delta.callId === event.callId) {
					joined.push(delta);
					pending.delete(key);
				}
			}
		}

		joined.push(event);
	}

	return joined.toSorted((left, right) => left.seq - right.seq);
}

test('all events of a run can be told again from its rows', () => {
	const told = runOf('run');
	const end = told.at(-1)!;
	const events: RunEvent[] = [
		...told.slice(0, -1),
		{
			type: 'observation',
			iteration: 1,
			observation: {
				kind: 'command',
				command: 'grep -q Forty',
				isMet: true,
				detail: 'found',
				problem: null,
			},
			runId: 'run',
			seq: end.seq,
			t: end.t,
		},
		{...end, seq: end.seq + 1},
	];
	const types: Record<
		Exclude<RunEventBody['type'], 'call-carry' | 'run-resume'>,
		true
	> = {
		'run-start': true,
		decision: true,
		observation: true,
		'iteration-start': true,
		'call-start': true,
		'call-send': true,
		'call-delta': true,
		'call-retry': true,
		'call-end': true,
		'answer-delta': true,
		control: true,
		'call-mark': true,
		verdict: true,
		nested: true,
		'run-end': true,
	};
	assert.deepEqual(
		new Set(events.map(({type}) => type)),
		new Set(Object.keys(types)),
		'the run has events of every type',
	);

	const log = logged('again.db', events);
	assert.deepEqual(runEvents(log, 'run'), unsplit(events));
	assert.deepEqual(runEvents(log, 'another'), []);
	log.close();
});

test('a finished run has one response for each call and one for its answer', () => {
	const log = logged('rows.db', runOf('run'));
	const rows = log
		.prepare(
			`SELECT responses.id, responses.model, conversation_id, response,
				consortium_id, is_arbiter_response, conversations.model AS chat_model
			FROM responses JOIN conversations ON conversations.id = conversation_id
			ORDER BY responses.rowid`,
		)
		.raw()
		.all();

	assert.deepEqual(rows, [
		[
			'run-opus-1',
			'anthropic/opus',
			'run-opus',
			'Forty-two.',
			'run',
			0,
			'anthropic/opus',
		],
		[
			'run-luna-1',
			'openai/luna',
			'run-luna',
			'Probably 4',
			'run',
			0,
			'openai/luna',
		],
		[
			'run-arbiter-1',
			'anthropic/opus',
			'run-arbiter',
			'<synthesis>Forty-two, both say.</synthesis>',
			'run',
			1,
			'anthropic/opus',
		],
		['run', 'duo', 'run-chat', 'Forty-two, both say.', 'run', 0, 'duo'],
	]);
	assert.equal(
		log.prepare('SELECT count(*) FROM consortium_chunks').pluck().get(),
		0,
	);
	assert.equal(
		log.prepare('SELECT count(*) FROM consortium_texts').pluck().get(),
		1,
		'the same system prompt is stored once',
	);
	assert.equal(
		log
			.prepare('SELECT prompt FROM responses WHERE id = ?')
			.pluck()
			.get('run-arbiter-1'),
		'How to weigh.\n\nA: Forty-two. B: Probably 4',
	);
	log.close();
});

test('an arbiter that does not have the last word is marked 2', () => {
	const events = runOf('run').map(event =>
		event.type === 'run-end'
			? {...event, finalCallId: null, result: {...event.result, answer: null}}
			: event,
	);
	const log = logged('other.db', events);
	const answer = log.prepare<
		[string],
		{response: string; is_arbiter_response: number}
	>('SELECT response, is_arbiter_response FROM responses WHERE id = ?');

	assert.equal(answer.get('run-arbiter-1')?.is_arbiter_response, 2);
	assert.equal(answer.get('run')?.response, '');
	log.close();
});

const scripts: Scripts = {
	a: [['one ', 'a'], ['two a']],
	b: [
		[{thinking: 'hm'}, 'one b'],
		['two ', 'b'],
	],
	arbiter: [
		[verdictText({confidence: 0.5, needsIteration: true, synthesis: 'Hm.'})],
		[verdictText({synthesis: 'Better.'})],
	],
};

/**
A run that a person cancelled, that was resumed and killed, and resumed once more.
*/
async function resumedTwice() {
	const world = stillWorld();
	const cast = castOf(scripts);
	const controller = new AbortController();
	const first = await play(castOf(scripts), {
		world,
		signal: controller.signal,
		onEvent(event) {
			if (event.type === 'verdict') {
				controller.abort(new Abort('person'));
			}
		},
	});
	await play(cast, {world: stillWorld()});
	const again = {scripts, cast, world};
	const second = await resume([first.events], again);
	const cut = second.events.findIndex(
		({type, seq}) => type === 'call-end' && seq > first.events.length,
	);
	const third = await resume([second.events.slice(0, cut)], again);
	return {first, third};
}

test('all parts of a run that was resumed are told again, and the picture is the same', async () => {
	const {first, third} = await resumedTwice();
	const log = logged('resumed.db', third.events);
	const told = runEvents(log, first.result.runId);

	assert.equal(first.result.status, 'cancelled');
	assert.equal(third.result.status, 'converged');
	assert.deepEqual(brokenRules(third.events), []);
	assert.deepEqual(told, unsplit(third.events));
	assert.equal(
		told.filter(({type}) => type === 'run-end' || type === 'run-resume').length,
		4,
	);
	assert.deepEqual(pictureOf(told), pictureOf(third.events));
	log.close();
});

test('the end that a resumed run had before is read with the keys that are new', async () => {
	const {first, third} = await resumedTwice();
	const log = logged('old-end.db', third.events);
	const {changes} = log
		.prepare(
			`UPDATE consortium_events SET body = json_remove(body,
				'$.result.iterations[0].instances[0].carriedFrom',
				'$.result.iterations[0].instances[0].isLeftOut')
			WHERE type = 'run-end'`,
		)
		.run();

	assert.equal(changes, 1);
	assert.deepEqual(runEvents(log, first.result.runId), unsplit(third.events));
	log.close();
});

test('a run that is resumed is not over, and ends anew in the same rows', async () => {
	const {first, third} = await resumedTwice();
	const before = first.events.length;
	const log = logged('anew.db', third.events.slice(0, before + 1));
	const rows = log
		.prepare('SELECT status, answer, end_seq, host FROM consortium_runs')
		.raw();
	assert.deepEqual(rows.all(), [[null, 'Hm.', null, hostname()]]);
	log.close();

	const whole = logged('anew.db', third.events.slice(before + 1));
	assert.deepEqual(
		whole
			.prepare('SELECT status, answer, end_seq FROM consortium_runs')
			.raw()
			.all(),
		[['converged', 'Better.', third.events.length - 1]],
	);
	assert.deepEqual(
		whole
			.prepare('SELECT response FROM responses WHERE id = consortium_id')
			.pluck()
			.all(),
		['Better.'],
	);
	assert.deepEqual(
		whole
			.prepare(
				'SELECT is_arbiter_response FROM responses WHERE is_arbiter_response > 0 ORDER BY rowid',
			)
			.pluck()
			.all(),
		[2, 1],
		'one arbiter has the last word',
	);
	whole.close();
});

test('streamed text reaches the file although nothing more happens', async () => {
	const path = join(folder, 'timer.db');
	const log = openLog(path);
	const write = createRunLog(log);
	const bodies: RunEventBody[] = [
		runStart('run', 'Why?'),
		callStart('run', 'opus#1', ['Why?']),
		{type: 'call-delta', callId: 'run-opus-1', channel: 'text', text: 'Be'},
		{type: 'call-delta', callId: 'run-opus-1', channel: 'text', text: 'cause'},
	];

	for (const event of stamped('run', bodies)) {
		write(event);
	}

	const other = new Database(path, {readonly: true});
	const chunks = other.prepare('SELECT text, seq FROM consortium_chunks');
	assert.deepEqual(chunks.all(), [], 'it waits for more');

	while (chunks.get() === undefined) {
		await new Promise(resolve => {
			setTimeout(resolve, 5);
		});
	}

	assert.deepEqual(chunks.all(), [{text: 'Because', seq: 3}]);
	other.close();
	write.close();
	log.close();
});

test('much streamed text does not wait', () => {
	const log = openLog(join(folder, 'much.db'));
	const write = createRunLog(log);
	const bodies: RunEventBody[] = [
		runStart('run', 'Why?'),
		callStart('run', 'opus#1', ['Why?']),
	];

	// Each of these is three bytes.
	for (let count = 0; count < 1400; count++) {
		const text = '東';
		bodies.push({
			type: 'call-delta',
			callId: 'run-opus-1',
			channel: 'text',
			text,
		});
	}

	for (const event of stamped('run', bodies)) {
		write(event);
	}

	assert.equal(
		log
			.prepare('SELECT sum(length(text)) FROM consortium_chunks')
			.pluck()
			.get(),
		Math.ceil(4096 / 3),
	);
	write.close();
	assert.equal(
		log
			.prepare('SELECT sum(length(text)) FROM consortium_chunks')
			.pluck()
			.get(),
		1400,
	);
	log.close();
});

test('text of nested runs is kept in few pieces, in order', () => {
	const inner = (seq: number, text: string): RunEventBody => ({
		type: 'nested',
		parentCallId: 'run-opus-1',
		event: {
			type: 'call-delta',
			callId: 'inner-call',
			channel: 'text',
			text,
			runId: 'inner',
			seq,
			t: seq,
		},
	});
	const log = logged(
		'nested.db',
		stamped('run', [
			runStart('run', 'Why?'),
			callStart('run', 'opus#1', ['Why?']),
			inner(7, 'a'),
			inner(8, 'b'),
			inner(9, 'c'),
		]),
	);

	assert.deepEqual(runEvents(log, 'run').slice(2), [
		{...inner(9, 'abc'), runId: 'run', seq: 4, t: runOf('run')[4]!.t},
	]);
	log.close();
});

test('a transcript can be read item by item, each with what it follows', () => {
	const log = logged('transcripts.db', runOf('run'));
	const rows = log
		.prepare<
			[],
			{
				transcript_id: string;
				call_id: string;
				parent_call_id: string | null;
				message: string;
				answer: string;
			}
		>(
			`SELECT calls.transcript_id, calls.id AS call_id,
				calls.extends AS parent_call_id, calls.message,
				responses.response AS answer
			FROM consortium_calls AS calls
			JOIN responses ON responses.id = calls.id
			WHERE calls.committed = 1 ORDER BY calls.id`,
		)
		.all();

	assert.ok(rows.length > 0);

	for (const {transcript_id, parent_call_id, message, answer} of rows) {
		assert.ok(Array.isArray(JSON.parse(message)));
		assert.notEqual(answer, '');
		assert.ok(
			parent_call_id === null ||
				rows.some(
					row =>
						row.call_id === parent_call_id &&
						row.transcript_id === transcript_id,
				),
		);
	}

	log.close();
});
