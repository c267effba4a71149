import assert from 'node:assert/strict';
import {test} from 'node:test';
import fc from 'fast-check';
import {menuOf} from '../../../source/ui/composer/completion.js';
import {
	clearComposer,
	type Composer,
	composerWith,
	emptyComposer,
	isEmpty,
	prepended,
	pressComposer,
	textOf,
	withHistory,
} from '../../../source/ui/composer/composer.js';
import {
	composerRows,
	composerView,
} from '../../../source/ui/composer/composer-view.js';
import {cleaned} from '../../../source/ui/composer/editor.js';
import {type KeyPress, pasteOf} from '../../../source/ui/keys.js';
import {columnsOf} from '../../../source/text/columns.js';
import {anyKey, piece, press} from '../../helpers/keys.js';

const commands = [
	{name: 'help', argument: null, title: 'Show the keys'},
	{name: 'set', argument: 'KEY=VALUE', title: 'Change one thing'},
	{
		name: 'switch',
		argument: '[NAME]',
		title: 'Switch the consortium',
		values: ['trio', 'demo', 'demo-2'].map(value => ({value, title: ''})),
	},
];
const withOptions = [
	{
		name: 'set',
		argument: 'KEY=VALUE',
		title: 'Change one thing',
		values: ['stop=', 'stop=any', 'stop=both', 'system='].map(value => ({
			value,
			title: '',
		})),
	},
];
const options = {width: 40, commands};

/**
Press keys, by their chords or as they are, and hear what is sent.
*/
function play(
	start: Composer,
	keys: ReadonlyArray<string | KeyPress>,
): {composer: Composer; sent: string[]; unused: string[]} {
	const sent: string[] = [];
	const unused: string[] = [];
	let composer = start;

	for (const each of keys) {
		const key = typeof each === 'string' ? press(each) : each;
		const pressed = pressComposer(composer, key, options);

		if (pressed) {
			composer = pressed.composer;
			sent.push(...(pressed.event ? [pressed.event.text] : []));
		} else {
			unused.push(key.chord);
		}
	}

	return {composer, sent, unused};
}

const after = (start: Composer, ...keys: ReadonlyArray<string | KeyPress>) =>
	play(start, keys).composer;
const written = (text: string, start = emptyComposer()) =>
	after(start, ...text);
const firstRow = (composer: Composer) =>
	composerView(composer, {width: 40, rows: 50}).lines[0];
const long = (lines: number) =>
	Array.from({length: lines}, (_, index) => `line ${index}`).join('\n');

test('Enter sends the text, empties the box and remembers', () => {
	const {composer, sent} = play(emptyComposer(), [...'hi there', 'enter']);

	assert.deepEqual(sent, ['hi there']);
	assert.ok(isEmpty(composer));
	assert.equal(textOf(after(composer, 'up')), 'hi there');
});

test('nothing but space is not sent', () => {
	const {composer, sent} = play(emptyComposer(), [' ', 'ctrl+j', 'enter']);
	assert.deepEqual(sent, []);
	assert.equal(textOf(composer), ' \n');
});

test('of 200 keys at once all are in what is sent', () => {
	const text = 'The quick brown fox. '.repeat(10).slice(0, 200);
	assert.deepEqual(play(emptyComposer(), [...text, 'enter']).sent, [text]);
});

test('a backslash before Enter becomes a line feed', () => {
	const {composer, sent} = play(written('one\\'), ['enter', ...'two', 'enter']);
	assert.deepEqual(sent, ['one\ntwo']);
	assert.ok(isEmpty(composer));
});

test('Shift+Enter, Alt+Enter and Ctrl+J begin a line', () => {
	const {composer} = play(emptyComposer(), [
		'a',
		'shift+enter',
		'b',
		'alt+enter',
		'c',
		'ctrl+j',
		'd',
	]);
	assert.equal(textOf(composer), 'a\nb\nc\nd');
});

test('keys of the app are left to it', () => {
	const keys = ['tab', 'escape', 'ctrl+k', 'ctrl+c', 'f1', 'alt+e', 'alt+1'];
	assert.deepEqual(play(written('a'), keys).unused, keys);
	assert.deepEqual(play(emptyComposer(), ['ctrl+d']).unused, ['ctrl+d']);
});

test('up and down walk the history and come back to the draft', () => {
	const start = written('draft', emptyComposer(['one', 'two']));
	const texts = ['up', 'up', 'up', 'down', 'down', 'down'].map(
		(_, index, all) => textOf(after(start, ...all.slice(0, index + 1))),
	);
	assert.deepEqual(texts, ['two', 'one', 'one', 'two', 'draft', 'draft']);
});

test('within a text of several lines up and down move first', () => {
	const start = emptyComposer(['old', 'one\ntwo']);
	const composer = after(start, 'up', 'up', 'X', 'up');
	assert.equal(textOf(composer), 'old');
	assert.equal(textOf(after(composer, 'down')), 'oneX\ntwo');
});

test('down goes on from an entry of several lines that was left upwards', () => {
	const start = emptyComposer(['old', 'one\ntwo']);
	const composer = after(start, 'up', 'up', 'up', 'down');
	assert.equal(textOf(composer), 'one\ntwo');
	assert.equal(textOf(after(composer, 'down')), '');
});

test('changing a recalled entry does not change the history', () => {
	const changed = after(emptyComposer(['one', 'two']), 'up', '!', 'up', 'up');
	assert.deepEqual(changed.history, ['one', 'two']);
	assert.equal(textOf(after(changed, 'down')), 'two!');

	const {composer, sent} = play(changed, ['down', 'enter']);
	assert.deepEqual(sent, ['two!']);
	assert.deepEqual(composer.history, ['one', 'two', 'two!']);
	assert.equal(textOf(after(composer, 'up', 'up')), 'two');
});

test('the same twice in a row is remembered once', () => {
	const {composer} = play(emptyComposer(['a']), ['a', 'enter', 'b', 'enter']);
	assert.deepEqual(composer.history, ['a', 'b']);
});

test('a draft is kept when a recalled text is sent instead', () => {
	const {composer} = play(written('draft', emptyComposer(['old'])), [
		'up',
		'enter',
	]);
	assert.deepEqual(composer.history, ['old', 'draft', 'old']);
});

test('what was cleared is the newest entry', () => {
	const cleared = clearComposer(written('thought', emptyComposer(['old'])));
	assert.ok(isEmpty(cleared));
	assert.equal(textOf(after(cleared, 'up')), 'thought');
	assert.deepEqual(clearComposer(cleared).history, ['old', 'thought']);
});

test('a history that comes late goes ahead', () => {
	const walking = after(written('x', emptyComposer(['new'])), 'up');
	const composer = withHistory(walking, ['older', 'old']);
	assert.equal(textOf(after(composer, 'up')), 'old');
	assert.equal(textOf(after(composer, 'down')), 'x');
});

const past = ['deploy alpha', 'test beta', 'deploy gamma', 'deploy gamma'];

test('a search narrows while one types', () => {
	const search = (...keys: string[]) =>
		firstRow(after(written('draft', emptyComposer(past)), 'ctrl+r', ...keys));

	assert.equal(search(), '(search) : ');
	assert.equal(search('e'), '(search) e: deploy gamma');
	assert.equal(search(...'est'), '(search) est: test beta');
	assert.equal(search(...'EST'), '(search) EST: test beta');
	assert.equal(search(...'estx'), '(search) estx: nothing');
	assert.equal(search(...'estx', 'backspace'), '(search) est: test beta');
	assert.equal(search(...'dep', 'ctrl+r'), '(search) dep: deploy alpha');
	assert.equal(
		search(...'dep', 'ctrl+r', 'ctrl+r'),
		'(search) dep: deploy alpha',
	);
	assert.equal(
		search(...'dep', 'ctrl+r', 'l', 'o'),
		'(search) deplo: deploy alpha',
	);
});

for (const chord of ['enter', 'tab', 'right']) {
	test(`${chord} takes what was found into the box and sends nothing`, () => {
		const {composer, sent} = play(written('draft', emptyComposer(past)), [
			'ctrl+r',
			...'est',
			chord,
		]);
		assert.deepEqual(sent, []);
		assert.equal(textOf(composer), 'test beta');
		assert.equal(firstRow(composer), 'test beta');
		assert.equal(textOf(after(composer, 'up')), 'deploy alpha');
		assert.equal(textOf(after(composer, 'down', 'down', 'down')), 'draft');
	});
}

for (const chord of ['escape', 'ctrl+c', 'ctrl+g']) {
	test(`${chord} gives the draft back`, () => {
		const {composer, unused} = play(written('draft', emptyComposer(past)), [
			'ctrl+r',
			...'est',
			chord,
		]);
		assert.equal(firstRow(composer), 'draft');
		assert.deepEqual(unused, []);
	});
}

test('a search that finds nothing leaves the draft', () => {
	const keys = ['ctrl+r', ...'zzz', 'ctrl+r', 'enter'];
	const composer = after(written('draft', emptyComposer(past)), ...keys);
	assert.equal(firstRow(composer), 'draft');
});

test('a long paste is a chip, sent whole', () => {
	const text = long(132);
	const {composer, sent} = play(written('see: '), [pasteOf(text), '!']);
	assert.equal(firstRow(composer), 'see: [pasted 132 lines]!');
	assert.deepEqual(sent, []);
	assert.deepEqual(play(composer, ['enter']).sent, [`see: ${text}!`]);
});

test('a chip keeps its tabs', () => {
	const text = `a\tb\n${long(6)}`;
	const {sent} = play(emptyComposer(), [pasteOf(text), 'enter']);
	assert.deepEqual(sent, [text]);
});

test('what is short is pasted as it is', () => {
	const pasted = (text: string) =>
		firstRow(after(emptyComposer(), pasteOf(text)));

	assert.equal(pasted(long(5)), 'line 0');
	assert.equal(pasted(`${long(5)}\n`), 'line 0');
	assert.equal(pasted(long(6)), '[pasted 6 lines]');
	assert.equal(pasted('x'.repeat(800)), 'x'.repeat(37));
	assert.equal(pasted('x'.repeat(801)), '[pasted 801 characters]');
});

test('one Backspace takes a chip, undo brings it back', () => {
	const text = long(9);
	const start = after(written('ab'), 'left', pasteOf(text));
	const without = after(start, 'backspace');
	assert.equal(textOf(without), 'ab');
	assert.equal(textOf(after(without, 'ctrl+_')), `a${text}b`);
	assert.equal(textOf(after(start, 'left', 'delete')), 'ab');
	assert.equal(textOf(after(start, 'alt+backspace')), 'ab');
});

test('a chip comes back from the history, after sending and clearing', () => {
	const text = long(9);
	const start = after(emptyComposer(), pasteOf(text));

	for (const emptied of [after(start, 'enter'), clearComposer(start)]) {
		const composer = after(emptied, ...'later', 'up');
		assert.equal(firstRow(composer), '[pasted 9 lines]');
		assert.equal(textOf(composer), text);
	}
});

test('Alt+E shows the chip at the cursor in full', () => {
	const composer = after(
		emptyComposer(),
		pasteOf(long(6)),
		' ',
		pasteOf(long(7)),
		'alt+e',
	);
	assert.equal(firstRow(composer), '[pasted 6 lines] line 0');
	assert.equal(textOf(composer), `${long(6)} ${long(7)}`);
	assert.equal(textOf(after(composer, 'ctrl+_')), textOf(composer));
	assert.equal(
		firstRow(after(composer, 'ctrl+_')),
		'[pasted 6 lines] [pasted 7 lines]',
	);
});

test('a person can paste, type and recall the characters that stand for chips', () => {
	const mark = '\u{E0200}';
	const text = long(9);
	const {composer, sent} = play(emptyComposer([`old ${mark}`]), [
		pasteOf(text),
		{chord: 'text', text: mark},
		pasteOf(`<${mark}>`),
		'enter',
		'up',
		'ctrl+home',
		'up',
		'enter',
	]);
	assert.deepEqual(sent, [`${text}${mark}<${mark}>`, `old ${mark}`]);
	assert.equal(textOf(composerWith(composer, `${mark}!`)), `${mark}!`);
});

test('the text of the box can be replaced and undone', () => {
	const start = after(written('a'), pasteOf(long(9)));
	assert.equal(composerWith(start, textOf(start)), start);

	const replaced = composerWith(start, 'b\r\nc');
	assert.equal(textOf(replaced), 'b\nc');
	assert.equal(textOf(after(replaced, 'ctrl+_')), textOf(start));
});

test('a text can go before what is typed, whose chips stay', () => {
	const start = after(written('a '), pasteOf(long(9)));
	const {lines} = composerView(prepended(start, 'queued'), {
		width: 40,
		rows: 5,
	});
	assert.deepEqual(lines, ['queued', 'a [pasted 9 lines]']);
	assert.equal(textOf(prepended(emptyComposer(), 'queued')), 'queued');
});

const offered = (composer: Composer) =>
	menuOf(composer, commands)?.items.map(({text}) => text.slice(1).trimEnd()) ??
	null;

test('a slash opens the menu, and what follows narrows it', () => {
	assert.deepEqual(offered(written('/')), ['help', 'set', 'switch']);
	assert.deepEqual(offered(written('/s')), ['set', 'switch']);
	assert.equal(offered(written('/s x')), null);
	assert.equal(offered(written('/zzz')), null);
	assert.equal(offered(written('a/')), null);
	assert.equal(offered(emptyComposer()), null);
});

test('up and down choose, around the ends', () => {
	const choice = (...keys: string[]) =>
		menuOf(after(written('/'), ...keys), commands)?.choice;
	assert.equal(choice('down'), 1);
	assert.equal(choice('down', 'down', 'down'), 0);
	assert.equal(choice('up'), 2);
	assert.equal(choice('up', 's'), 0);
});

test('Tab completes, and is the app’s again afterwards', () => {
	const {composer, unused} = play(written('/h'), ['tab', 'tab']);
	assert.equal(textOf(composer), '/help');
	assert.deepEqual(unused, ['tab']);
	assert.equal(textOf(after(written('/s'), 'tab')), '/set ');
});

test('Enter sends the chosen command, or completes it when it needs an argument', () => {
	assert.deepEqual(play(written('/he'), ['enter']).sent, ['/help']);
	assert.deepEqual(play(written('/sw'), ['enter']).sent, ['/switch']);

	const {composer, sent} = play(written('/'), ['down', 'enter']);
	assert.deepEqual(sent, []);
	assert.equal(textOf(composer), '/set ');
	assert.deepEqual(play(written('/zzz'), ['enter']).sent, ['/zzz']);
});

test('Escape closes the menu until the text changes', () => {
	const {composer, unused} = play(written('/h'), ['escape', 'escape']);
	assert.equal(offered(composer), null);
	assert.deepEqual(unused, ['escape']);
	assert.equal(offered(after(composer, 'left')), null);
	assert.deepEqual(offered(after(composer, 'e')), ['help']);
});

test('a recalled command does not open the menu', () => {
	const composer = after(emptyComposer(['old', '/help']), 'up');
	assert.equal(offered(composer), null);
	assert.equal(textOf(after(composer, 'up')), 'old');
	assert.deepEqual(offered(after(composer, 'backspace')), ['help']);
});

test('after a command the menu offers what can follow it', () => {
	assert.deepEqual(offered(written('/switch ')), [
		'switch trio',
		'switch demo',
		'switch demo-2',
	]);
	assert.deepEqual(offered(written('/switch t')), ['switch trio']);
	assert.equal(offered(written('/switch zzz')), null);
	assert.equal(offered(written('/switch demo now')), null);
	assert.equal(offered(written('/help ')), null);
	assert.equal(offered(written('/nothing ')), null);
});

test('Tab and Enter complete an argument, and Enter sends what is whole', () => {
	assert.equal(textOf(after(written('/sw'), 'tab', 'tab')), '/switch trio');
	assert.deepEqual(play(written('/switch trio'), ['tab']).sent, []);

	const {composer, sent} = play(written('/switch '), ['down', 'enter']);
	assert.deepEqual(sent, []);
	assert.equal(textOf(composer), '/switch demo');
	assert.deepEqual(play(composer, ['enter']).sent, ['/switch demo']);
	assert.deepEqual(play(written('/switch zzz'), ['enter']).sent, [
		'/switch zzz',
	]);
});

test('what has an equals sign is completed in two steps', () => {
	const items = (text: string) =>
		menuOf(written(text), withOptions)?.items.map(({usage}) => usage) ?? null;

	assert.deepEqual(items('/set '), ['stop=', 'system=']);
	assert.deepEqual(items('/set sto'), ['stop=']);
	assert.deepEqual(items('/set stop='), ['stop=any', 'stop=both']);
	assert.deepEqual(items('/set stop=b'), ['stop=both']);
	assert.equal(items('/set system='), null);
	assert.equal(items('/set system=sto'), null);

	const pressed = pressComposer(written('/set sto'), press('enter'), {
		width: 40,
		commands: withOptions,
	});
	assert.equal(pressed?.event, null);
	assert.equal(textOf(pressed.composer), '/set stop=');
	assert.ok(menuOf(pressed.composer, withOptions));
});

test('the menu of arguments stays closed while the history is walked and after Escape', () => {
	const recalled = after(emptyComposer(['old', '/switch demo']), 'up');
	assert.equal(offered(recalled), null);
	assert.equal(textOf(after(recalled, 'up')), 'old');
	const closed = after(written('/switch d'), 'escape');
	assert.equal(offered(closed), null);
	assert.deepEqual(play(closed, ['enter']).sent, ['/switch d']);
});

test('a box wants as many rows as it has lines, and gets no more than there are', () => {
	const composer = written('abcdefgh');
	assert.equal(composerRows(emptyComposer(), 40, 5), 1);
	assert.equal(composerRows(composer, 40, 5), 1);
	assert.equal(composerRows(composer, 7, 5), 2);
	assert.equal(composerRows(after(composer, pasteOf('\n\n\n\n')), 40, 3), 3);
	assert.equal(composerRows(after(composer, 'ctrl+j', 'ctrl+r'), 40, 3), 1);
});

const chords = [
	'enter',
	'up',
	'down',
	'left',
	'right',
	'ctrl+j',
	'ctrl+r',
	'escape',
	'alt+e',
	'ctrl+_',
	'ctrl+w',
	'ctrl+y',
	'backspace',
	'tab',
	'/',
	's',
];

test('whatever is pressed, the box can be drawn and holds no chip without its text', () => {
	const seen = {submits: 0, chips: 0, searches: 0, menus: 0, walks: 0};

	fc.assert(
		fc.property(
			fc.array(anyKey(chords), {maxLength: 60, size: 'max'}),
			fc.integer({min: 8, max: 50}),
			fc.integer({min: 1, max: 5}),
			(keys, width, most) => {
				let composer = emptyComposer(['old', 'older\ntwo', '/set']);

				for (const key of keys) {
					const pressed = pressComposer(composer, key, {width, commands});
					composer = pressed?.composer ?? composer;
					seen.submits += pressed?.event ? 1 : 0;
					seen.chips += composer.chips.length > 0 ? 1 : 0;
					seen.searches += composer.search ? 1 : 0;
					seen.menus += menuOf(composer, commands) ? 1 : 0;
					seen.walks += composer.walk.back > 0 ? 1 : 0;

					const placeholders = composer.editor.text.match(
						/[\u{E0200}-\u{EFFFD}]/gu,
					);

					for (const each of placeholders ?? []) {
						assert.notEqual(
							composer.chips[each.codePointAt(0)! - 0xe_02_00],
							undefined,
						);
					}

					assert.ok(textOf(composer).isWellFormed());

					const rows = composerRows(composer, width, most);
					const {lines, cursor} = composerView(composer, {width, rows});
					assert.equal(lines.length, rows);
					assert.ok(cursor.y < rows);
					assert.ok(cursor.x + 2 < width);

					for (const line of lines) {
						assert.ok(columnsOf(line) + 2 < width, JSON.stringify(line));
					}
				}
			},
		),
		{numRuns: 200},
	);
	assert.deepEqual(
		Object.entries(seen).filter(([, count]) => count === 0),
		[],
	);
});

test('what is sent is what was typed and pasted', () => {
	fc.assert(
		fc.property(
			fc.array(
				fc.oneof(
					piece,
					fc.array(piece, {minLength: 1, maxLength: 40, size: 'max'}),
				),
			),
			parts => {
				const keys = parts.map(part =>
					typeof part === 'string'
						? {chord: 'text', text: part}
						: pasteOf(part.join('')),
				);
				// What is short is shown, and its tabs are spaces.
				const spaced = (text: string) => text.replaceAll('\t', '    ');
				const sent = spaced(keys.map(({text}) => cleaned(text)).join(''));
				const {composer} = play(emptyComposer(), keys);
				assert.equal(spaced(textOf(composer)), sent);
			},
		),
	);
});
