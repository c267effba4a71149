import assert from 'node:assert/strict';
import {test} from 'node:test';
import {UserError} from '../../source/core/user-error.js';
import {
	listConversations,
	readConversation,
} from '../../source/store/conversations.js';
import {
	hideConversation,
	renameConversation,
} from '../../source/store/names.js';
import {eventsOf} from '../helpers/chats.js';
import {consortium} from '../helpers/events.js';
import {keep, logWith} from '../helpers/logs.js';

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
			forkedFrom: null,
			consortium: 'duo',
			turns: 2,
			costUsd: 1.5,
			costIsComplete: false,
			lastAt: 4031,
			isImported: false,
			hit: null,
		},
		{
			id: 'two',
			title: 'x'.repeat(200),
			forkedFrom: null,
			consortium: 'duo',
			turns: 1,
			costUsd: 0.5,
			costIsComplete: true,
			lastAt: 2031,
			isImported: false,
			hit: null,
		},
	]);
});

test('activity is what happened last, not what began last', async t => {
	const log = logWith(t, [
		...eventsOf({id: 'r1', chat: 'long', at: 1000}).slice(0, -1),
		...eventsOf({id: 'r2', chat: 'short', at: 2000}),
		...eventsOf({id: 'r1', chat: 'long', at: 5000}).slice(-1),
	]);
	const entries = await listConversations(log, '');

	assert.deepEqual(
		entries.map(({id, lastAt}) => [id, lastAt]),
		[
			['long', 5031],
			['short', 2031],
		],
	);
});

test('a resumed run is activity, and its conversation is listed once', async t => {
	const log = logWith(t, [
		...three,
		{
			type: 'run-resume',
			limits: consortium.limits,
			runId: 'r2',
			seq: 32,
			t: 6000,
		},
	]);
	const [first, second] = await listConversations(log, '');

	assert.deepEqual(
		[first?.id, first?.lastAt, second?.id],
		['two', 6000, 'one'],
	);
});

test('a given name is the title and can be searched for, and taking it back brings the question back', async t => {
	const log = logWith(t, three);
	renameConversation(log, 'one', '  Köln and its bridges\nfor the talk ');
	const [named] = await listConversations(log, 'BRIDGES');
	assert.equal(named?.title, 'Köln and its bridges');
	assert.equal(named.id, 'one');

	renameConversation(log, 'one', ' ');
	const [unnamed] = await listConversations(log, '');
	assert.equal(unnamed?.title, 'First');
	assert.deepEqual(await listConversations(log, 'bridges'), []);
});

test('what is deleted is not listed, on no page, until it is brought back', async t => {
	const log = logWith(
		t,
		Array.from({length: 120}, (_, index) =>
			eventsOf({id: `r${index}`, chat: `c${index}`, at: index * 100}),
		).flat(),
	);

	for (let index = 0; index < 120; index += 2) {
		hideConversation(log, `c${index}`, 1);
	}

	const first = await listConversations(log, '');
	const second = await listConversations(log, '', first.at(-1));
	assert.deepEqual(
		[...first, ...second].map(({id}) => id),
		Array.from({length: 60}, (_, index) => `c${119 - 2 * index}`),
	);

	hideConversation(log, 'c118', null);
	const [, again] = await listConversations(log, '');
	assert.equal(again?.id, 'c118');
});

test('a fork says so, and is called like what it comes from, a fork of a fork too', async t => {
	const log = logWith(t, [
		...eventsOf({id: 'r1', chat: 'root', at: 1000, prompt: 'Root?'}),
		...eventsOf({
			id: 'r2',
			chat: 'fork',
			at: 2000,
			turn: 2,
			previous: 'r1',
			prompt: 'Fork?',
		}),
		...eventsOf({
			id: 'r3',
			chat: 'fork',
			at: 3000,
			turn: 3,
			previous: 'r2',
			prompt: 'On?',
		}),
		...eventsOf({
			id: 'r4',
			chat: 'twig',
			at: 4000,
			turn: 4,
			previous: 'r3',
			prompt: 'Twig?',
		}),
	]);
	const all = async () => {
		const entries = await listConversations(log, '');
		return entries.map(({id, title, forkedFrom}) => [id, title, forkedFrom]);
	};

	assert.deepEqual(await all(), [
		['twig', 'Root?', 'fork'],
		['fork', 'Root?', 'root'],
		['root', 'Root?', null],
	]);
	renameConversation(log, 'fork', 'Named');
	hideConversation(log, 'root', 1);
	assert.deepEqual(await all(), [
		['twig', 'Root?', 'fork'],
		['fork', 'Named', 'root'],
	]);
	log.exec("DELETE FROM consortium_runs WHERE id = 'r1'");
	assert.deepEqual(await all(), [
		['twig', 'Fork?', 'fork'],
		['fork', 'Named', null],
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
	['  köln   AND ', ['one']],
	['koln', ['one']],
	['köln first', []],
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
				at: Math.floor(index / 7) * 10,
				prompt: `Number ${index % 130} is ${index % 2 === 0 ? 'even' : 'odd'}${index % 130 > 109 || index % 130 < 20 ? ' and far out' : ''}.`,
			}),
		).flat(),
	);

	for (const [query, total] of [
		['', 130],
		['odd', 65],
		['far', 40],
	] as const) {
		const pages = [await listConversations(log, query)];

		while (pages.at(-1)!.length > 0) {
			pages.push(await listConversations(log, query, pages.at(-1)!.at(-1)));
		}

		// What was found in a conversation may be found in it again.
		const all = new Map(
			pages
				.flat()
				.toReversed()
				.map(each => [each.id, each]),
		)
			.values()
			.toArray()
			.toReversed();
		const shown = query === '' ? pages.flat() : all;
		assert.deepEqual(
			[all.length, shown.length, pages.length > 2],
			[total, total, true],
		);
		assert.deepEqual(
			shown.map(({lastAt}) => lastAt),
			shown.map(({lastAt}) => lastAt).toSorted((left, right) => right - left),
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
	keep(log, eventsOf({id: 'new', chat: first.at(-1)!.id, at: 90_000}));
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
