import assert from 'node:assert/strict';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, test, type TestContext} from 'node:test';
import {type RunEvent, type RunKind} from '../../source/core/events.js';
import {UserError} from '../../source/core/user-error.js';
import {
	listConversations,
	readConversation,
} from '../../source/store/conversations.js';
import {openLog} from '../../source/store/database.js';
import {type Log} from '../../source/store/log.js';
import {createRunLog} from '../../source/store/run-log.js';
import {runOf} from '../helpers/events.js';

const folder = mkdtempSync(join(tmpdir(), 'log-'));
let logs = 0;

after(() => {
	rmSync(folder, {recursive: true});
});

type Asked = {
	readonly id: string;
	readonly chat: string;
	readonly at: number;
	readonly turn?: number;
	readonly kind?: RunKind;
	readonly prompt?: string;
	readonly answer?: string | null;
	readonly name?: string;
	readonly costUsd?: number | null;
	readonly costIsComplete?: boolean;
};

/**
The events of a run that belongs to a conversation.
*/
function eventsOf({
	id,
	chat,
	at,
	turn = 1,
	kind = 'ask',
	prompt = 'What?',
	answer = 'That.',
	name = 'duo',
	costUsd = 0.5,
	costIsComplete = true,
}: Asked): RunEvent[] {
	return runOf(id, {prompt}).map(event => {
		const told = {...event, t: at + event.seq};

		switch (told.type) {
			case 'run-start': {
				const consortium = {...told.consortium, name};
				return {...told, conversationId: chat, turn, kind, consortium};
			}

			case 'run-end': {
				const sums = {costUsd, costIsComplete};
				const result = {...told.result, ...sums, answer, conversationId: chat};
				return {...told, result};
			}

			default: {
				return told;
			}
		}
	});
}

function logWith(t: TestContext, events: readonly RunEvent[]): Log {
	const log = openLog(join(folder, `${logs++}.db`));
	const write = createRunLog(log);

	for (const event of events) {
		write(event);
	}

	write.close();
	t.after(() => {
		log.close();
	});
	return log;
}

const three = [
	...eventsOf({id: 'r1', chat: 'one', at: 1000, prompt: '\n First\nline'}),
	...eventsOf({id: 'r2', chat: 'two', at: 2000, prompt: 'x'.repeat(500)}),
	...eventsOf({
		id: 'r3',
		chat: 'one',
		at: 3000,
		turn: 2,
		prompt: 'And Köln?',
		answer: 'It has 100% of it.',
		name: 'trio',
		costIsComplete: false,
	}),
	...eventsOf({id: 'r4', chat: 'one', at: 4000, turn: 1, kind: 'retry'}),
];

test('conversations are listed with the latest activity first, and summed up', async t => {
	const log = logWith(t, three);

	assert.deepEqual(await listConversations(log, ''), [
		{
			id: 'one',
			title: 'First',
			consortium: 'duo',
			turns: 2,
			costUsd: 1.5,
			costIsComplete: false,
			lastAt: 4000,
		},
		{
			id: 'two',
			title: 'x'.repeat(200),
			consortium: 'duo',
			turns: 1,
			costUsd: 0.5,
			costIsComplete: true,
			lastAt: 2000,
		},
	]);
});

test('a run that never ended is listed, and its cost is unknown', async t => {
	const log = logWith(t, eventsOf({id: 'r1', chat: 'one', at: 1}).slice(0, 14));
	const [entry] = await listConversations(log, '');

	assert.equal(entry?.costUsd, null);
	assert.equal(entry.costIsComplete, false);
});

for (const [query, found] of [
	['first', ['one']],
	['  köln   FIRST ', ['one']],
	['KÖLN', ['one']],
	['100%', ['one']],
	['1_0', []],
	['that. what', ['one']],
	['that.', ['one', 'two']],
	['first xxx', []],
	['%', ['one']],
] as const) {
	test(`the words "${query}" are in ${found.join(' and ') || 'no conversation'}`, async t => {
		const log = logWith(t, three);
		const entries = await listConversations(log, query);
		assert.deepEqual(
			entries.map(({id}) => id),
			found,
		);
	});
}

test('page by page every conversation comes once, also those of one moment and those searched for', async t => {
	const log = logWith(
		t,
		Array.from({length: 260}, (_, index) =>
			eventsOf({
				id: `r${String(index).padStart(4, '0')}`,
				chat: `c${index % 130}`,
				at: Math.floor(index / 7) * 100,
				prompt: `Number ${index % 130} is ${index % 2 === 0 ? 'even' : 'odd'}.`,
			}),
		).flat(),
	);

	for (const [query, sizes] of [
		['', [50, 50, 30, 0]],
		['odd', [50, 15, 0]],
	] as const) {
		const pages = [await listConversations(log, query)];

		while (pages.at(-1)!.length > 0) {
			pages.push(await listConversations(log, query, pages.at(-1)!.at(-1)));
		}

		const all = pages.flat();
		assert.deepEqual(
			pages.map(({length}) => length),
			sizes,
		);
		assert.equal(new Set(all.map(({id}) => id)).size, all.length);
		assert.deepEqual(
			all.map(({lastAt}) => lastAt),
			all.map(({lastAt}) => lastAt).toSorted((left, right) => right - left),
		);
	}
});

test('a conversation that goes on between two pages hides none of the others', async t => {
	const log = logWith(
		t,
		Array.from({length: 60}, (_, index) =>
			eventsOf({id: `r${index}`, chat: `c${index}`, at: index * 100}),
		).flat(),
	);
	const first = await listConversations(log, '');
	const write = createRunLog(log);

	for (const event of eventsOf({
		id: 'new',
		chat: first.at(-1)!.id,
		at: 90_000,
	})) {
		write(event);
	}

	write.close();
	const second = await listConversations(log, '', first.at(-1));
	assert.equal(new Set([...first, ...second].map(({id}) => id)).size, 60);
});

test('the pictures of a conversation come turn by turn, the latest of a turn last', async t => {
	const log = logWith(t, three);
	const pictures = await readConversation(log, 'one');

	assert.deepEqual(
		pictures.map(({runId, start}) => [runId, start?.turn, start?.kind]),
		[
			['r1', 1, 'ask'],
			['r4', 1, 'retry'],
			['r3', 2, 'ask'],
		],
	);
	assert.equal(pictures[2]?.result?.answer, 'It has 100% of it.');
	assert.equal(pictures[2].calls.get('r3-opus-1')?.text, 'Forty-two.');
});

test('a conversation that is not there is an error', async t => {
	const log = logWith(t, three);

	await assert.rejects(
		readConversation(log, 'nowhere'),
		(error: unknown) =>
			error instanceof UserError && error.message.includes('nowhere'),
	);
});
