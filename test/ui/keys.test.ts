import assert from 'node:assert/strict';
import {test} from 'node:test';
import {type Key} from 'ink';
import {keyPressesOf} from '../../source/ui/keys.js';
import {keysInTerminal} from '../helpers/keys-in-terminal.js';

const noKey: Key = {
	upArrow: false,
	downArrow: false,
	leftArrow: false,
	rightArrow: false,
	pageDown: false,
	pageUp: false,
	home: false,
	end: false,
	return: false,
	escape: false,
	ctrl: false,
	shift: false,
	tab: false,
	backspace: false,
	delete: false,
	meta: false,
	super: false,
	hyper: false,
	capsLock: false,
	numLock: false,
};
const typed = (text: string) =>
	Array.from(text, each => ({chord: each, text: each}));
const chords = (...names: string[]) => names.map(chord => ({chord, text: ''}));

test('a terminal without a protocol of its own tells these keys', async () => {
	const cases = [
		['\r', 'enter'],
		['\n', 'ctrl+j'],
		['\t', 'tab'],
		['\u001B[Z', 'shift+tab'],
		['\u001B\r', 'alt+enter'],
		['\u001B', 'escape'],
		['\u007F', 'backspace'],
		['\b', 'backspace'],
		['\u001B[3~', 'delete'],
		['\u001B\u007F', 'alt+backspace'],
		['\u0001', 'ctrl+a'],
		['\u000B', 'ctrl+k'],
		['\u001A', 'ctrl+z'],
		['\u001F', 'ctrl+_'],
		['\u0000', 'ctrl+ '],
		['\u001B1', 'alt+1'],
		['\u001B9', 'alt+9'],
		['\u001Bb', 'alt+b'],
		['\u001BB', 'alt+shift+b'],
		['\u001B\u0003', 'ctrl+alt+c'],
		['\u001B[A', 'up'],
		['\u001BOB', 'down'],
		['\u001B[1;3A', 'alt+up'],
		['\u001B\u001B[A', 'alt+up'],
		['\u001B[1;5C', 'ctrl+right'],
		['\u001B[5~', 'pageup'],
		['\u001B[H', 'home'],
		['\u001B[4~', 'end'],
		['\u001BOP', 'f1'],
		['\u001B[11~', 'f1'],
		['\u001B[[A', 'f1'],
		['\u001B[1;2P', 'shift+f1'],
		['\u001BOS', 'f4'],
		['\u001B[15~', 'f5'],
		['\u001B[24~', 'f12'],
	] as const;

	assert.deepEqual(
		await keysInTerminal(cases.map(([bytes]) => bytes)),
		cases.map(([, chord]) => ({chord, text: ''})),
	);
});

test('a terminal with the kitty protocol tells the same and more', async () => {
	const cases = [
		['\u001B[13;2u', 'shift+enter'],
		['\u001B[13;3u', 'alt+enter'],
		['\u001B[57414u', 'enter'],
		['\u001B[27u', 'escape'],
		['\u001B[97;5u', 'ctrl+a'],
		['\u001B[106;5u', 'ctrl+j'],
		['\u001B[104;5u', 'backspace'],
		['\u001B[105;5u', 'tab'],
		['\u001B[109;5u', 'enter'],
		['\u001B[91;5u', 'escape'],
		['\u001B[45;6u', 'ctrl+_'],
		['\u001B[47;5u', 'ctrl+/'],
		['\u001B[127;5u', 'ctrl+backspace'],
		['\u001B[50;3u', 'alt+2'],
		['\u001B[99;9u', 'super+c'],
		['\u001B[13~', 'f3'],
		['\u001B[1;1:1P', 'f1'],
	] as const;

	assert.deepEqual(
		await keysInTerminal(cases.map(([bytes]) => bytes)),
		cases.map(([, chord]) => ({chord, text: ''})),
	);
});

test('letting a key go is no key', async () => {
	assert.deepEqual(
		await keysInTerminal([
			'\u001B[97;1:3u\u001B[27;1:3u\u001B[1;1:3A\u001B[1;1:3Pa',
		]),
		typed('a'),
	);
});

test('what a terminal says by itself is no key', async () => {
	assert.deepEqual(
		await keysInTerminal(['\u001B[I\u001B[O\u001B[<0;1;1M\u001B[3;7R!']),
		typed('!'),
	);
});

test('keys that arrive at once are keys of their own, in order', async () => {
	assert.deepEqual(
		await keysInTerminal([
			'hello\r',
			'a\tb\u0001c\u0017\u007F\u001BOPd\n\u001B[A\u001B[3~',
		]),
		[
			...typed('hello'),
			...chords('enter'),
			...typed('a'),
			...chords('tab'),
			...typed('b'),
			...chords('ctrl+a'),
			...typed('c'),
			...chords('ctrl+w', 'backspace', 'f1'),
			...typed('d'),
			...chords('ctrl+j', 'up', 'delete'),
		],
	);
});

test('of 200 keys at once none is lost', async () => {
	const text = 'The quick brown fox jumps. '.repeat(8).slice(0, 200);
	assert.deepEqual(await keysInTerminal([text]), typed(text));
	assert.deepEqual(await keysInTerminal(['a', 'b', 'c']), typed('abc'));
});

test('a character of several code points is one key', async () => {
	assert.deepEqual(await keysInTerminal(['👩‍🚀', '日本', 'e\u0301']), [
		{chord: '👩‍🚀', text: '👩‍🚀'},
		...typed('日本'),
		{chord: 'e\u0301', text: 'e\u0301'},
	]);
});

test('more than anybody types is one text', () => {
	const text = '日本語'.repeat(100);
	assert.deepEqual(keyPressesOf(`${text}\r`, noKey), [
		{chord: 'text', text},
		...chords('enter'),
	]);
});

test('a paste is one key, whatever is in it', async () => {
	const lines = Array.from({length: 500}, (_, index) => `line ${index}\t"x"`);
	const pasted = `${lines.join('\r\n')}\u001BOP\u0003\r`;

	assert.deepEqual(
		await keysInTerminal([`\u001B[200~${pasted}\u001B[201~`, '\u001BOQ']),
		[
			{
				chord: 'paste',
				text: `${lines.join('\n')}\u001BOP\u0003\n`,
			},
			...chords('f2'),
		],
	);
});

test('a sequence that was cut off types nothing', () => {
	assert.deepEqual(keyPressesOf('[1;', noKey, '\u001B[1;'), []);
	assert.deepEqual(keyPressesOf('[1;', noKey, '[1;'), typed('[1;'));
});

test('control characters that no key sends are no keys', () => {
	assert.deepEqual(keyPressesOf('a\u0085b', noKey), typed('ab'));
});
