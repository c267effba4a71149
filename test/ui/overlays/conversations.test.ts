import assert from 'node:assert/strict';
import {test} from 'node:test';
import {conversationsOf} from '../../../source/ui/overlays/conversations.js';
import {faceOf} from '../../../source/ui/overlays/face.js';
import {forkOf} from '../../../source/ui/overlays/fork.js';
import {
	overlayLoaded,
	type Overlay,
} from '../../../source/ui/overlays/overlay.js';
import {renameOf} from '../../../source/ui/overlays/rename.js';
import {
	after,
	conversationEntries,
	requested,
	space,
	stepOf,
	told,
	typed,
	wanted,
} from '../../helpers/overlays.js';

const page = (count: number, from = 0) =>
	({
		kind: 'conversations',
		query: '',
		before: null,
		entries: conversationEntries(count, from),
	}) as const;

const list = (count = 3, open: string | null = null) =>
	told(conversationsOf(open), page(count));

const linesOf = (overlay: Overlay, columns = 100) =>
	faceOf(overlay, {...space, columns}).rows.map(row =>
		row
			.map(({text}) => text)
			.join('')
			.trimEnd(),
	);

test('letters act on the conversation that is picked, and Enter goes on with it', () => {
	const requests = (...chords: string[]) =>
		stepOf(list(), 'down', ...chords).requests;

	assert.deepEqual(requests('enter'), [
		{type: 'continue', id: 'c1', afterTurn: null},
	]);
	assert.deepEqual(requests('v'), [
		{type: 'open-conversation', entry: list().entries![1]},
	]);
	assert.equal(stepOf(list(), 'r').opens?.type, 'rename');
	assert.equal(stepOf(conversationsOf(), 'enter').requests, undefined);
	assert.equal(stepOf(list(0), 'delete').requests, undefined);
});

test('letters are searched for once a slash or Tab began the search', () => {
	for (const begin of ['/', 'tab']) {
		const step = stepOf(after(list(), begin), 'v');
		assert.deepEqual(wanted(step, 'conversations'), [
			{kind: 'conversations', query: 'v', before: null},
		]);
	}

	const searching = told(typed(after(list(), '/'), 'fur'), {
		...page(3),
		query: 'fur',
	});
	assert.deepEqual(
		requested(stepOf(searching, 'delete'), 'delete-conversation'),
		[],
	);
	assert.deepEqual(stepOf(searching, 'tab', 'v').requests, [
		{type: 'open-conversation', entry: list().entries![0]},
	]);
	assert.equal(stepOf(searching, 'enter').requests?.[0]?.type, 'continue');
	assert.equal(stepOf(searching, 'escape', 'escape').overlay, null);
});

test('a fork is made after the question that is chosen, by default the last', () => {
	const step = stepOf(list(), 'f');
	assert.deepEqual(wanted(step, 'questions'), [{kind: 'questions', id: 'c0'}]);
	assert.equal(step.opens?.type, 'fork');

	const questions = ['One?', 'Two?', 'Three?'].map((prompt, index) => ({
		turn: index + 1,
		prompt,
	}));
	const fork = told(forkOf('c0', 'One?'), {
		kind: 'questions',
		id: 'c0',
		questions,
	});
	const turns = (...chords: string[]) =>
		requested(stepOf(fork, ...chords, 'enter'), 'continue').map(
			({afterTurn}) => afterTurn,
		);

	assert.deepEqual([turns(), turns('up'), turns('home')], [[3], [2], [1]]);
	assert.deepEqual(stepOf(forkOf('c0', 'One?'), 'enter').requests, []);
	assert.match(linesOf(fork).join('\n'), /› 3 {2}Three\?/);

	const other = {kind: 'questions', id: 'c1', questions: []} as const;
	assert.deepEqual(overlayLoaded(fork, other).overlay, fork);
});

test('what is deleted is gone at once, and u brings it back, the latest first', () => {
	const first = stepOf(list(), 'delete');
	assert.deepEqual(first.requests, [{type: 'delete-conversation', id: 'c0'}]);

	const both = after(list(), 'delete', 'down', 'delete');
	assert.deepEqual(both.deleted, ['c0', 'c2']);
	assert.match(linesOf(both)[0]!, /^2 deleted\. u brings them back/);
	assert.doesNotMatch(linesOf(both).join('\n'), /number [02]/);

	const undone = stepOf(both, 'u');
	assert.deepEqual(undone.requests, [{type: 'restore-conversation', id: 'c2'}]);
	const again = stepOf(undone.overlay!, 'u');
	assert.deepEqual(again.requests, [{type: 'restore-conversation', id: 'c0'}]);
	assert.match(linesOf(again.overlay!).join('\n'), /number 0.*number 1/s);
	assert.equal(stepOf(again.overlay!, 'u').requests, undefined);
});

test('the conversation on the screen is deleted only after a question', () => {
	const step = stepOf(list(3, 'c0'), 'delete');
	assert.equal(step.requests, undefined);
	assert.equal(step.opens?.type, 'confirm');
	assert.deepEqual(stepOf(step.opens, 'y').requests, [
		{type: 'delete-conversation', id: 'c0'},
	]);

	const gone = told(list(3, 'c0'), {
		kind: 'conversation',
		id: 'c0',
		became: 'deleted',
	});
	assert.deepEqual([gone.deleted, gone.open], [['c0'], null]);
});

test('what could not be deleted is in the list again, and a new name is read', () => {
	const deleted = after(list(), 'delete');
	const back = overlayLoaded(deleted, {
		kind: 'conversation',
		id: 'c0',
		became: 'restored',
	});
	assert.match(linesOf(back.overlay!).join('\n'), /number 0/);
	assert.deepEqual(wanted(back, 'conversations'), [
		{kind: 'conversations', query: '', before: null},
	]);

	const renamed = overlayLoaded(after(list(), 'down'), {
		kind: 'conversation',
		id: 'c1',
		became: 'renamed',
	});
	assert.deepEqual(wanted(renamed, 'conversations'), [
		{kind: 'conversations', query: '', before: null},
	]);
	const read = overlayLoaded(renamed.overlay!, page(3)).overlay!;
	assert.match(linesOf(read).join('\n'), /› .*number 1/);
});

test('a name is edited in a line of its own, and may be taken back', () => {
	const rename = renameOf('c1', 'Old');
	assert.deepEqual(stepOf(typed(rename, 'er'), 'enter'), {
		overlay: null,
		requests: [{type: 'rename-conversation', id: 'c1', name: 'Older'}],
	});
	assert.deepEqual(stepOf(rename, 'ctrl+u', 'enter').requests, [
		{type: 'rename-conversation', id: 'c1', name: ''},
	]);
	assert.deepEqual(stepOf(rename, 'x', 'escape'), {overlay: null});
	assert.match(linesOf(rename)[0]!, /^> Old/);
});

test('what can be resumed and what is on the screen are marked', () => {
	const [first, second] = conversationEntries(2);
	const marked = told(conversationsOf('c1'), {
		...page(0),
		entries: [
			{...first!, isBrokenOff: true},
			{...second!, forkedFrom: 'c7'},
		],
	});

	assert.match(linesOf(marked)[1]!, /broken off: Enter goes on, then \/resume/);
	assert.match(linesOf(marked, 60)[1]!, /broken off · 1 turn$/);
	assert.match(linesOf(marked)[2]!, /on the screen · fork · trio/);
});

test('the next page is asked for once, when the end comes near', () => {
	assert.deepEqual(wanted(stepOf(list(50), 'down'), 'conversations'), []);

	const step = stepOf(list(50), 'end');
	const before = conversationEntries(50).at(-1)!;
	assert.deepEqual(wanted(step, 'conversations'), [
		{kind: 'conversations', query: '', before},
	]);
	assert.deepEqual(wanted(stepOf(step.overlay!, 'up'), 'conversations'), []);

	const more = overlayLoaded(step.overlay!, {...page(50, 50), before});
	assert.equal(
		more.overlay?.type === 'conversations' && more.overlay.entries?.length,
		100,
	);
});

test('after an empty page no further one is asked for', () => {
	const before = conversationEntries(2).at(-1)!;
	const whole = told(after(list(2), 'end'), {...page(0), before});
	assert.equal(whole.entries?.length, 2);
	assert.deepEqual(wanted(stepOf(whole, 'end'), 'conversations'), []);
});

test('what is typed is looked for, and answers to an earlier query are ignored', () => {
	const step = stepOf(after(list(5), 'down', '/'), 'w');
	const late = overlayLoaded(step.overlay!, page(1));
	assert.deepEqual(late.overlay, step.overlay);

	const found = overlayLoaded(step.overlay!, {...page(1), query: 'w'});
	assert.equal(found.overlay?.type, 'conversations');
	assert.equal(found.overlay.entries?.length, 1);
	assert.equal(found.overlay.list.at, 0);
});

test('nothing is shown of what was found for other words, and no key acts on it', () => {
	const looking = typed(after(list(), '/'), 'fur');
	assert.doesNotMatch(linesOf(looking).join('\n'), /number|Nothing/);
	assert.equal(faceOf(looking, space).note, 'looking…');
	assert.equal(stepOf(looking, 'enter').requests, undefined);

	for (const chord of ['enter', 'v', 'f', 'r', 'delete']) {
		const step = stepOf(looking, 'tab', chord);
		assert.deepEqual([step.requests, step.opens], [undefined, undefined]);
	}

	const found = told(looking, {...page(1, 7), query: 'fur'});
	assert.deepEqual(stepOf(found, 'enter').requests, [
		{type: 'continue', id: 'c7', afterTurn: null},
	]);
	assert.match(
		linesOf(told(looking, {...page(0), query: 'fur'})).join('\n'),
		/Nothing was found/,
	);
});

test('a question mark shows the keys, and in the search it is looked for', () => {
	assert.equal(stepOf(list(), '?').command, 'help');
	assert.deepEqual(wanted(stepOf(after(list(), '/'), '?'), 'conversations'), [
		{kind: 'conversations', query: '?', before: null},
	]);
});

test('operators, which this search does not have, are told to be those of logs', () => {
	const rowsFor = (query: string) =>
		linesOf(told(conversationsOf(null, query), {...page(2), query}));

	for (const query of ['haiku OR tabs', 'a AND b', 'a NOT b']) {
		const rows = rowsFor(query);
		assert.match(rows[1]!, /^Words and "phrases" only; .*logs -q$/v);
		assert.match(rows[2]!, /number 0/v);
		assert.equal(rows.length, rowsFor('haiku').length);
	}

	for (const query of ['haiku', 'ORANGE NOTE', 'this or that', 'OR']) {
		assert.match(rowsFor(query)[1]!, /number 0/v);
	}
});

test('a space at the end of the query asks nothing new', () => {
	const searching = typed(after(list(5), '/'), 'why');
	assert.deepEqual(wanted(stepOf(searching, ' '), 'conversations'), []);
});

test('the list opens with what was looked for already', () => {
	const found = conversationsOf(null, 'tabs');
	assert.deepEqual(found.awaited, {query: 'tabs', before: null});
	assert.match(linesOf(found)[0]!, /^\/ tabs/);
});

const hit = {
	who: 'luna#1',
	iteration: 2,
	runId: 'r1',
	responseId: 'c1',
	snippet: [
		{text: 'They say that a ', isMarked: false},
		{text: 'lake', isMarked: true},
		{text: ' is there\u001B[31m', isMarked: false},
	],
	words: [/lake/iu],
	place: 7,
};

test('what was found is shown with whose words it is and signs around the words', () => {
	const entries = conversationEntries(12).map(entry => ({...entry, hit}));
	const found = told(conversationsOf(null, 'lake'), {
		...page(0),
		query: 'lake',
		entries: [...entries, ...entries.slice(0, 3)],
	});

	assert.match(linesOf(found)[1]!, /^› .*number 0/);
	assert.equal(
		linesOf(found)[2],
		'    luna#1 · iteration 2: They say that a «lake» is there',
	);
	assert.equal(faceOf(found, space).note, '1 of 12+', 'each is shown once');
	assert.match(linesOf(found, 60)[2]!, /«lake»/);
	const last = after(found, 'end');
	assert.match(linesOf(last).join('\n'), /› .*number 11 .*\n +luna#1/);
	for (const chord of ['v', 'enter']) {
		assert.deepEqual(stepOf(last, chord).requests, [
			{type: 'open-conversation', entry: entries[11]},
		]);
	}

	assert.match(faceOf(last, space).keys, /^Enter read ·/);
});

test('an imported conversation is marked, read with Enter, and cannot be forked', () => {
	const [entry] = conversationEntries(1);
	const imported = told(conversationsOf(), {
		...page(0),
		entries: [{...entry!, isImported: true}],
	});
	const request = {type: 'continue', id: 'c0', afterTurn: null};

	assert.match(linesOf(imported)[1]!, /imported · trio · 1 turn$/);
	assert.deepEqual(stepOf(imported, 'f').requests, [request]);
	assert.deepEqual(stepOf(imported, 'enter').requests, [
		{type: 'open-conversation', entry: {...entry!, isImported: true}},
	]);
	assert.match(faceOf(imported, space).keys, /^Enter read · Del delete ·/);
	assert.doesNotMatch(faceOf(imported, space).keys, /fork|rename|go on/);
});

test('what slash does is said before it is pressed, and Esc is in a narrow footer', () => {
	assert.match(linesOf(list())[0]!, /^\/ Press \/ to search every answer$/);
	assert.match(linesOf(after(list(), '/'))[0]!, /type words or "phrases"/);

	for (const columns of [60, 80, 100]) {
		const {keys} = faceOf(list(), {...space, columns});
		assert.match(keys, /^Enter go on · .*Esc close$/);
		assert.ok(keys.length <= columns - 2);
	}
});

test('in a narrow row the consortium is cut before the title', () => {
	const [entry] = conversationEntries(1);
	const titled = (title: string) =>
		told(conversationsOf(), {
			...page(0),
			entries: [{...entry!, title, consortium: 'a-long-consortium'}],
		});
	const fits = 'Which of the lakes is the deepest?';
	assert.match(linesOf(titled(fits), 72)[1]!, /deepest\? .*1 turn$/);
	assert.doesNotMatch(linesOf(titled(fits), 72)[1]!, /consortium/);
	assert.match(linesOf(titled('Why?'), 72)[1]!, /a-long-consortium · 1 turn$/);
});
