import assert from 'node:assert/strict';
import {Buffer} from 'node:buffer';
import {test} from 'node:test';
import fc from 'fast-check';
import {listConversations} from '../../source/store/conversations.js';
import {
	isImported,
	readImported,
} from '../../source/store/imported-conversations.js';
import {type Log} from '../../source/store/log.js';
import {
	hideConversation,
	renameConversation,
} from '../../source/store/names.js';
import {eventsOf} from '../helpers/chats.js';
import {addDoubts, addImported, early, idOf} from '../helpers/imported.js';
import {logWith} from '../helpers/logs.js';

const asked = eventsOf({
	id: 'r1',
	chat: 'one',
	at: early,
	prompt: 'Where is the Kölner Dom?',
	answer: 'In Zürich, they say.',
});

/**
Which conversations were found, and where the words stand, those in brackets.
*/
async function found(log: Log, query: string): Promise<string[]> {
	const entries = await listConversations(log, query);

	return entries.map(({id, hit}) => {
		const words = hit?.snippet
			.map(({text, isMarked}) => (isMarked ? `[${text}]` : text))
			.join('');
		return `${id}: ${hit?.who} ${hit?.iteration ?? '-'}: ${words}`;
	});
}

test('words are found in what members and arbiters said, in questions, answers and names', async t => {
	const log = logWith(t, asked);
	const calls = log
		.prepare<[], {id: string; speaker: string}>(
			'SELECT id, speaker FROM consortium_calls ORDER BY speaker',
		)
		.all();

	for (const {id, speaker} of calls) {
		log
			.prepare('UPDATE responses SET response = ? WHERE id = ?')
			.run(`Told by ${speaker}: Xylophone.`, id);
	}

	renameConversation(log, 'one', 'About music');
	assert.deepEqual(await found(log, 'xylo opus'), [
		'one: opus#1 1: Told by [opus]#1: [Xylo]phone.',
	]);
	assert.deepEqual(await found(log, 'arbiter xylophone'), [
		'one: arbiter#1 1: Told by [arbiter]#1: [Xylophone].',
	]);
	assert.deepEqual(await found(log, 'kolner DOM'), [
		'one: question -: Where is the [Kölner] [Dom]?',
	]);
	assert.deepEqual(await found(log, 'zuri'), [
		'one: answer -: In [Züri]ch, they say.',
	]);
	assert.deepEqual(await found(log, 'music'), ['one: name -: About [music]']);
	assert.deepEqual(await found(log, 'ylophone'), []);
	assert.deepEqual(await found(log, 'xylophone music'), []);
});

test('imported conversations and those that llm keeps itself are found, and those that are deleted are not', async t => {
	const log = logWith(t, asked);
	const [first, second] = [idOf(early, 1), idOf(early, 2)];
	addImported(
		log,
		{id: first, at: early, chat: 'theirs', response: 'A violin.'},
		{id: second, at: early, response: 'A violin, alone.'},
	);
	log.exec(
		"INSERT INTO responses (id, model, prompt, response) VALUES ('odd', 'm', 'violin', 'no')",
	);
	assert.deepEqual(await found(log, 'violin'), [
		'odd: question -: [violin]',
		`${second}: answer -: A [violin], alone.`,
		'theirs: answer -: A [violin].',
	]);

	for (const id of ['theirs', second, 'odd']) {
		assert.equal(isImported(log, id), true);
		hideConversation(log, id, 1);
	}

	assert.equal(isImported(log, 'one'), false);
	assert.deepEqual(await found(log, 'violin'), []);
	hideConversation(log, 'one', 1);
	assert.deepEqual(await found(log, 'dom'), []);
});

test("what a found run's members said leads to the conversation of its answer", async t => {
	const log = logWith(t, []);
	addDoubts(log);
	assert.deepEqual(await found(log, 'lagoon member'), [
		'chat-of-run: luna#1 1: A [lagoon], says the [member].',
	]);
	assert.deepEqual(
		readImported(log, 'chat-of-run').map(({role, who}) => [role, who]),
		[
			['member', 'luna#1'],
			['arbiter', 'judge'],
			['final', 'trio'],
		],
	);
	assert.deepEqual(readImported(log, 'nowhere'), []);
});

test('imported conversations stand in the list by their time, once each and on one page', async t => {
	const log = logWith(
		t,
		Array.from({length: 40}, (_, index) =>
			eventsOf({
				id: `r${index}`,
				chat: `own${index}`,
				at: early + index * 1000,
			}),
		).flat(),
	);

	for (let index = 0; index < 80; index++) {
		const at = early + Math.floor(index / 2) * 1000 + 500;
		addImported(log, {id: idOf(at, index), at, chat: `their${index % 60}`});
	}

	hideConversation(log, 'their7', 1);
	const pages = [await listConversations(log, '')];

	while (pages.at(-1)!.length > 0) {
		pages.push(await listConversations(log, '', pages.at(-1)!.at(-1)));
	}

	const all = pages.flat();
	assert.deepEqual(
		pages.map(({length}) => length),
		[50, 49, 0],
	);
	assert.equal(new Set(all.map(({id}) => id)).size, 99);
	assert.deepEqual(
		all.map(({lastAt}) => lastAt),
		all.map(({lastAt}) => lastAt).toSorted((left, right) => right - left),
	);
	const twice = all.find(({id}) => id === 'their3')!;
	assert.deepEqual(
		[twice.turns, twice.isImported, twice.title, twice.consortium],
		[2, true, 'Why?', 'gpt-9'],
	);
});

test('a part of a run of characters is found among the latest rows, and so are mere signs', async t => {
	const log = logWith(t, []);
	addImported(
		log,
		{id: idOf(early, 1), at: early, response: '今日は東京で雨が降ります。'},
		{id: idOf(early, 2), at: early, response: 'It costs 5 €.'},
	);
	assert.deepEqual(await found(log, '東京'), [
		`${idOf(early, 1)}: answer -: 今日は[東京]で雨が降ります。`,
	]);
	assert.deepEqual(await found(log, '€'), [
		`${idOf(early, 2)}: answer -: It costs 5 [€].`,
	]);
});

test('a beginning of very many words finds the latest of them', async t => {
	const log = logWith(t, []);

	for (let index = 0; index < 100; index++) {
		const at = early + index;
		addImported(log, {id: idOf(at), at, response: `qu${index + 100} is it`});
	}

	const entries = await listConversations(log, 'qu it');
	assert.equal(entries[0]?.lastAt, early + 99);
});

test('whatever stands in the columns of other programs is survived', async t => {
	const log = logWith(t, []);
	addImported(log, {id: idOf(early), at: early, chat: 'odd', prompt: null});
	log
		.prepare(
			'UPDATE responses SET prompt = ?, response = ?, model = ?, datetime_utc = ? WHERE id = ?',
		)
		.run(
			Buffer.from([0xff, 0x00, 0x66]),
			`${'x '.repeat(2_000_000)}needle`,
			7,
			Buffer.from('?'),
			idOf(early),
		);
	const [entry] = await listConversations(log, 'needle');
	assert.equal(entry?.id, 'odd');
	assert.equal((await listConversations(log, '')).length, 1);
	assert.equal(readImported(log, 'odd').length, 1);
});

test('words between quotation marks are one, and whole; AND, OR and NOT beside words are no words', async t => {
	const log = logWith(t, asked);
	assert.deepEqual(await found(log, '"kölner dom"'), [
		'one: question -: Where is the [Kölner Dom]?',
	]);
	assert.deepEqual(await found(log, '"dom" where'), [
		'one: question -: [Where] is the Kölner [Dom]?',
	]);
	assert.deepEqual(await found(log, '"dom kölner"'), []);
	assert.deepEqual(await found(log, '"the kölne"'), []);
	assert.deepEqual(await found(log, '"the kölne'), [
		'one: question -: Where is [the] [Kölne]r Dom?',
	]);
	assert.deepEqual(await found(log, 'where AND dom NOT köln'), [
		'one: question -: [Where] is the [Köln]er [Dom]?',
	]);
	assert.deepEqual(await found(log, 'OR'), []);
	assert.deepEqual(await found(log, '""'), []);
	assert.deepEqual(await found(log, '"?"'), []);
});

test('no query is an error, whatever is typed', async t => {
	const log = logWith(t, asked);
	const signs = fc.constantFrom(
		...`"'*():^+-{}\0\\ `,
		'AND',
		'OR',
		'NOT',
		'NEAR',
		'prompt',
		'rowid',
		'köln',
		'日',
	);
	const typed = fc.oneof(
		fc.string({unit: 'binary', maxLength: 60}),
		fc.array(signs, {maxLength: 12}).map(parts => parts.join('')),
	);

	await fc.assert(
		fc.asyncProperty(typed, async query => {
			const entries = await listConversations(log, query);
			assert.ok(entries.length <= 1);
		}),
		{numRuns: 300},
	);
});

test('the beginning of any words of an answer finds it', async t => {
	const log = logWith(t, []);
	const word = fc.stringMatching(/^[a-zäöéñ]{2,9}$/);
	let at = early;

	await fc.assert(
		fc.asyncProperty(
			fc.array(word, {minLength: 1, maxLength: 12}),
			fc.nat(),
			fc.nat(),
			async (words, first, second) => {
				at += 1000;
				addImported(log, {id: idOf(at), at, response: words.join(' ')});
				const begun = [first, second].map(pick => {
					const whole = words[pick % words.length]!;
					return whole.slice(0, 1 + (pick % whole.length)).toUpperCase();
				});
				const [entry] = await listConversations(log, begun.join(' '));
				assert.equal(entry?.id, idOf(at));
			},
		),
		{numRuns: 60},
	);
});
