import assert from 'node:assert/strict';
import {test} from 'node:test';
import {render} from 'ink-testing-library';
import {
	composerWith,
	emptyComposer,
	pressComposer,
} from '../../../source/ui/composer/composer.js';
import {ComposerBox} from '../../../source/ui/composer/composer-box.js';
import {SlashMenu} from '../../../source/ui/composer/slash-menu.js';
import {themes} from '../../../source/ui/theme.js';
import {press} from '../../helpers/keys.js';

const empty = emptyComposer();

function drawn(text: string, {rows = 3, keys = [] as string[]} = {}): string {
	const composer = keys.reduce(
		(now, chord) =>
			pressComposer(now, press(chord), {width: 30, commands: []})!.composer,
		composerWith(empty, text),
	);
	const screen = render(
		<ComposerBox
			isFocused
			composer={composer}
			width={30}
			rows={rows}
			top={0}
			theme={themes.plain}
			prompt=">"
			placeholder="ask away"
			hint="? keys"
		/>,
	);
	const frame = screen.lastFrame()!;
	screen.unmount();
	return frame;
}

test('an empty box says what it is for', () => {
	assert.equal(drawn(''), `> ask away${' '.repeat(14)}? keys`);
});

test('the hint makes room for the text', () => {
	assert.equal(drawn('x'.repeat(20)), `> ${'x'.repeat(20)}  ? keys`);
	assert.equal(drawn('x'.repeat(21)), `> ${'x'.repeat(21)}`);
});

test('lines of the text stand below each other, empty ones too', () => {
	assert.equal(
		drawn('one\n\nthree'),
		`> one${' '.repeat(19)}? keys\n\n  three`,
	);
});

test('what is not drawn is hinted at', () => {
	const text = '1\n2\n3\n4\n5';
	const hint = `${' '.repeat(21)}? keys`;
	assert.equal(drawn(text), `↑ 3${hint}\n  4\n  5`);
	assert.equal(drawn(text, {keys: ['up', 'up']}), `↑ 2${hint}\n  3\n↓ 4`);
	assert.equal(drawn(text, {keys: ['ctrl+home']}), `> 1${hint}\n  2\n↓ 3`);
});

test('a search is seen in the first row', () => {
	assert.equal(
		drawn('draft', {keys: ['ctrl+r', 'q']}),
		`> (search) q: nothing   ? keys`,
	);
});

test('the menu shows what is chosen, and how much there is above and below', () => {
	const items = ['one', 'two', 'three', 'four', 'five'].map(name => ({
		usage: `/${name}`,
		title: `Do ${name}`,
		text: `/${name}`,
		sent: null,
	}));
	const menu = (choice: number, rows: number) => {
		const screen = render(
			<SlashMenu
				items={items}
				choice={choice}
				width={20}
				rows={rows}
				theme={themes.plain}
			/>,
		);
		const frame = screen.lastFrame()!;
		screen.unmount();
		return frame;
	};

	assert.equal(menu(0, 3), '› /one    Do one\n  /two    Do two\n  ↓ 3 more');
	assert.equal(menu(2, 3), '  ↑ 2 more\n› /three  Do three\n  ↓ 2 more');
	assert.equal(menu(4, 3), '  ↑ 3 more\n  /four   Do four\n› /five   Do five');
	assert.doesNotMatch(menu(4, 5), /more/);

	for (const rows of [3, 4, 5]) {
		for (const [choice, {usage}] of items.entries()) {
			const frame = menu(choice, rows);
			assert.ok(frame.includes(`› ${usage}`));
			assert.equal(frame.split('\n').length, rows);
		}
	}
});
