import assert from 'node:assert/strict';
import {test} from 'node:test';
import {helpSections} from '../../../source/ui/keymap.js';
import {confirmOf} from '../../../source/ui/overlays/confirm.js';
import {faceOf} from '../../../source/ui/overlays/face.js';
import {helpOf} from '../../../source/ui/overlays/help.js';
import {type Overlay} from '../../../source/ui/overlays/overlay.js';
import {readerOf} from '../../../source/ui/overlays/reader.js';
import {after, space, stepOf} from '../../helpers/overlays.js';

const textOf = (overlay: Overlay, size: Partial<typeof space> = {}) =>
	faceOf(overlay, {...space, ...size})
		.rows.map(row => row.map(({text}) => text).join(''))
		.join('\n');

const long = readerOf(
	'Dissent',
	Array.from({length: 100}, (_, index) => `- line ${index}`).join('\n'),
);

test('a question is answered by its letters, or by choosing', () => {
	const leave = confirmOf('Leave?', {type: 'leave'});
	const yes = {overlay: null, requests: [{type: 'leave'}]};
	assert.deepEqual(stepOf(leave, 'y'), yes);
	assert.deepEqual(stepOf(leave, 'Y'), yes);
	assert.deepEqual(stepOf(leave, 'n'), {overlay: null});
	assert.deepEqual(stepOf(leave, 'escape'), {overlay: null});

	for (const chord of ['up', 'down', 'left', 'right', 'tab', 'shift+tab']) {
		assert.deepEqual(stepOf(leave, chord, 'enter'), yes);
		assert.deepEqual(stepOf(leave, chord, chord, 'enter'), {overlay: null});
	}
});

test('the harmless answer is the one that Enter gives, and no other key answers', () => {
	const leave = confirmOf('Leave?', {type: 'leave'});
	assert.deepEqual(stepOf(leave, 'enter'), {overlay: null});
	assert.deepEqual(stepOf(leave, 'x'), {overlay: leave});
	assert.match(textOf(leave), /› No/);
	assert.match(textOf(after(leave, 'down')), /› Yes/);
});

test('a text scrolls by lines and pages, and stops at both ends', () => {
	const first = (overlay: Overlay) => /line (\d+)/.exec(textOf(overlay))![1];
	assert.equal(first(long), '0');
	assert.equal(first(after(long, 'up')), '0');
	assert.equal(first(after(long, 'down', 'j')), '2');
	assert.equal(first(after(long, 'pagedown')), '19');
	assert.equal(first(after(long, ' ', 'b', 'k')), '0');
	assert.equal(first(after(long, 'end')), '80');
	assert.equal(first(after(long, 'end', 'down', 'down', 'up')), '79');
	assert.equal(first(after(long, 'end', 'home')), '0');
});

test('it says how much is above and below', () => {
	assert.equal(faceOf(long, space).note, '↓ 80 more');
	assert.equal(faceOf(after(long, 'end'), space).note, '↑ 80');
	assert.equal(faceOf(readerOf('Dissent', 'short'), space).note, '');
});

test('a text can be copied and opened in the editor as it was written', () => {
	const {text} = long.content;
	assert.deepEqual(stepOf(long, 'c').requests, [{type: 'copy', text}]);
	assert.deepEqual(stepOf(long, 'e').requests, [{type: 'view', text}]);

	for (const chord of ['escape', 'q', 'enter']) {
		assert.deepEqual(stepOf(long, chord), {overlay: null});
	}
});

test('a plain text is not read as Markdown', () => {
	assert.equal(textOf(readerOf('Raw', '**a**\n# b')).trim(), 'a\n\nb');
	assert.equal(
		textOf(readerOf('Raw', '**a**\n# b', 'plain')).trim(),
		'**a**\n# b',
	);
});

test('all keys stand in the help, in as many columns as there is room for', () => {
	const help = helpOf(helpSections());

	for (const columns of [60, 80, 120, 200]) {
		const words = textOf(help, {columns, rows: 200}).replaceAll(/\s+/g, ' ');

		for (const {title} of helpSections()) {
			assert.ok(words.includes(title), `${title} at ${columns}`);
		}
	}

	const height = (columns: number) =>
		textOf(help, {columns, rows: 200}).split('\n').length;
	assert.ok(height(120) < 0.7 * height(80));
	assert.ok(height(200) < 0.8 * height(120));
	const all = textOf(help, {columns: 120, rows: 200});
	assert.match(all, /Ctrl\+K +switch the consortium/);
});

test('the help closes by the keys that open it', () => {
	for (const chord of ['f1', '?', 'escape', 'q', 'enter']) {
		assert.deepEqual(stepOf(helpOf(helpSections()), chord), {overlay: null});
	}
});
