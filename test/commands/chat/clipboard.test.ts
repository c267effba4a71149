import assert from 'node:assert/strict';
import {Buffer} from 'node:buffer';
import {test} from 'node:test';
import {clipboardSequence} from '../../../source/commands/chat/clipboard.js';

const hostile = 'a\u001B]52;c;ZXZpbA==\u0007b\u001B[2Jc\nd\u009B31me';

test('what is copied is the text without what a terminal would act on', () => {
	const {encoded} = /^\u001B\]52;c;(?<encoded>[^\u0007]+)\u0007$/v.exec(
		clipboardSequence(`naïve 東京 ${hostile}`)!,
	)!.groups!;

	assert.equal(
		Buffer.from(encoded!, 'base64').toString(),
		'naïve 東京 abc\nde',
	);
});

test('what is too long for terminals is not copied in part', () => {
	assert.equal(clipboardSequence('x'.repeat(100_000)), null);
});
