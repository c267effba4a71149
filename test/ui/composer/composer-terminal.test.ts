import assert from 'node:assert/strict';
import {test} from 'node:test';
import {startOnScreen} from '../../helpers/screen.js';

const start = async () => {
	const screen = startOnScreen([], {
		script: new URL('../../helpers/composer-app.tsx', import.meta.url),
		columns: 40,
		rows: 10,
	});
	await screen.until(/> ask +\? keys/);
	// The first frame is out before the terminal is asked to echo nothing.
	await screen.when(() => screen.raw().includes('\u001B[?2004h'));
	return screen;
};

test('the cursor of the terminal is where the next character goes', async () => {
	const screen = await start();
	const isAt = async (x: number, y: number) =>
		screen.when(() => {
			const cursor = screen.cursor();
			return cursor.x === x && cursor.y === y;
		});

	await isAt(2, 9);
	screen.press('日本');
	await isAt(6, 9);
	screen.press('\u001B[D');
	await isAt(4, 9);
	screen.press('\u0005\nabc');
	await isAt(5, 9);
	assert.deepEqual(screen.rows().slice(-2), [
		`> 日本${' '.repeat(28)}? keys`,
		'  abc',
	]);
	screen.press('\u001B[A');
	await isAt(4, 8);
	assert.doesNotMatch(screen.raw().split('\u001B[?25h').at(-1)!, /\?25l/);
	screen.press('\u0011');
	assert.equal(await screen.ended, 0);
});

test('a box in a busy terminal loses nothing', async () => {
	const screen = await start();

	screen.press('a');
	screen.press('b');
	screen.press('c\r');
	await screen.until(/sent 3 abc/);

	screen.press(`${'0123456789'.repeat(20)}\r`);
	await screen.until(/sent 200 01234567890123456789/);

	screen.press('hello\r');
	await screen.until(/sent 5 hello/);

	screen.press('x👩‍🚀\u007F\u007Fok\r');
	await screen.until(/sent 2 ok/);
	screen.press('\u0011');
	assert.equal(await screen.ended, 0);
});

test('500 pasted lines are a chip on the screen and whole when sent', async () => {
	const screen = await start();
	const lines = Array.from({length: 500}, (_, index) => `line ${index}`);

	screen.press(`\u001B[200~${lines.join('\r')}\u001B[201~`);
	await screen.until(/> \[pasted 500 lines\] +\? keys/);
	screen.press('\r');
	await screen.until(new RegExp(`sent ${lines.join('\n').length} line 0`));
	screen.press('\u0011');
	assert.equal(await screen.ended, 0);
});

test('a slash shows the commands, with the chosen one marked', async () => {
	const screen = await start();

	screen.press('/');
	await screen.until(
		/› \/help +Show the keys\n {2}\/save \[NAME\] +Save it\n> \/ /,
	);
	screen.press('\u001B[B');
	await screen.until(/ {2}\/help +Show the keys\n› \/save/);
	screen.press('\r');
	await screen.until(/sent 5 \/save/);
	screen.press('\u0011');
	assert.equal(await screen.ended, 0);
});
