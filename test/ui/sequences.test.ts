import assert from 'node:assert/strict';
import {test} from 'node:test';
import {notification, titleSequence} from '../../source/ui/sequences.js';

const hostile = 'a\u001B]52;c;ZXZpbA==\u0007b\u001B[2Jc\nd\u009B31me';

test('a title is one short line in which nothing is left of escape sequences', () => {
	assert.equal(
		titleSequence(`${hostile}${'x'.repeat(500)}`),
		`\u001B]0;consortium-tui · abc de${'x'.repeat(74)}\u0007`,
	);
	assert.equal(titleSequence(''), '\u001B]0;consortium-tui\u0007');
});

test('a notification rings and is one line', () => {
	assert.equal(notification(hostile), '\u0007\u001B]9;abc de\u0007');
});
