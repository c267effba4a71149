import assert from 'node:assert/strict';
import {test} from 'node:test';
import {surfaceOf, wantsLines} from '../../../source/commands/chat/surface.js';

test('NO_COLOR takes the colours away, unless they are forced', () => {
	assert.equal(surfaceOf({NO_COLOR: '1'}).isPlain, true);
	assert.equal(surfaceOf({NO_COLOR: ''}).isPlain, false);
	assert.equal(surfaceOf({NO_COLOR: '1', FORCE_COLOR: '1'}).isPlain, false);
	assert.equal(surfaceOf({FORCE_COLOR: '0'}).isPlain, true);
});

for (const [value, background] of [
	['15;0', 'dark'],
	['0;15', 'light'],
	['0;default;7', 'light'],
	['12;8', 'dark'],
	['', null],
	['nonsense', null],
] as const) {
	test(`COLORFGBG=${value} tells of ${background ?? 'no'} background`, () => {
		assert.equal(surfaceOf({COLORFGBG: value}).background, background);
	});
}

test('lines are for who asks for them, for dumb terminals and for nobody', () => {
	const drawn = {screenReader: false};

	assert.equal(wantsLines(drawn, {TERM: 'xterm'}), false);
	assert.equal(wantsLines({screenReader: true}, {}), true);
	assert.equal(wantsLines(drawn, {INK_SCREEN_READER: 'true'}), true);
	assert.equal(wantsLines(drawn, {TERM: 'dumb'}), true);
	assert.equal(wantsLines(drawn, {CI: 'true'}), true);
	assert.equal(wantsLines(drawn, {CI: 'false'}), false);
});
