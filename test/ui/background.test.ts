import assert from 'node:assert/strict';
import {test} from 'node:test';
import {createBackgroundReader} from '../../source/ui/background.js';

const press = (keys: ReadonlyArray<readonly [string, string]>) => {
	const heard: string[] = [];
	const read = createBackgroundReader(background => {
		heard.push(background);
	});
	const left = keys.filter(([chord, text]) => !read({chord, text}));
	return {heard, left: left.map(([chord]) => chord)};
};

test('the reply of a terminal tells dark from light and types nothing', () => {
	for (const [colour, background] of [
		['rgb:1616/1818/1d1d', 'dark'],
		['rgb:ffff/fbfb/f0f0', 'light'],
		['rgb:00/00/80', 'dark'],
		['rgba:ffff/ffff/ffff/ffff', 'light'],
	] as const) {
		for (const keys of [
			[
				['alt+]', ''],
				['text', `11;${colour}`],
				['alt+\\', ''],
			],
			[
				['alt+]', ''],
				...[...`11;${colour}`].map(each => [each, each] as const),
				['ctrl+g', ''],
			],
			[
				['alt+]', ''],
				['text', '11;'],
				['text', colour],
				['alt+\\', ''],
			],
		] as const) {
			assert.deepEqual(press(keys), {heard: [background], left: []});
		}
	}
});

test('what is typed is left alone', () => {
	assert.deepEqual(
		press([
			['a', 'a'],
			['alt+]', ''],
			['h', 'h'],
			['11;rgb:', '11;rgb:'],
		]),
		{heard: [], left: ['a', 'h', '11;rgb:']},
	);
});
