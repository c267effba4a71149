import assert from 'node:assert/strict';
import {test} from 'node:test';
import {leavingText} from '../../source/ui/leaving.js';
import {turnWith} from '../helpers/turns.js';

const leave = {width: 10, continueWith: null};

test('nothing is left where nothing was asked', () => {
	assert.equal(leavingText([], {width: 80, continueWith: 'x'}), '');
});

test('questions and answers are left as they were written', () => {
	const code = '```js\nconst answer = 42; // and a very long line\n```';
	const first = turnWith({prompt: 'One\n\ntwo?'}, {answer: code});
	const text = leavingText([first, turnWith()], {
		width: 10,
		continueWith: 'consortium-tui chat --cid 01',
	});

	assert.equal(
		text,
		[
			'> One',
			'>',
			'> two?',
			'',
			code,
			'',
			'✓ converged · confidence 90% · 1 iteration · $0.025 · 3.2 s · duo',
			'',
			'──────────',
			'',
			'> What is the answer?',
			'',
			'Forty-two, **both** say.',
			'',
			'✓ converged · confidence 90% · 1 iteration · $0.025 · 3.2 s · duo',
			'',
			'──────────',
			'',
			'Continue with: consortium-tui chat --cid 01',
			'',
		].join('\n'),
	);
});

test('a run that is not whole is not left as one', () => {
	const text = leavingText(
		[
			turnWith({}, {status: 'degraded', reasons: ['luna#1 failed.']}),
			turnWith(
				{},
				{status: 'unanswered', answer: null, reasons: ['All failed.']},
			),
			turnWith({result: null}),
		],
		leave,
	);

	assert.match(text, /say\.\n\n! degraded · .*\n {2}luna#1 failed\.\n/);
	assert.match(text, /\(no answer\)\n\n∅ no answer · .*\n {2}All failed\.\n/);
	assert.match(text, /\(no answer\)\n\n■ broken off · duo\n {2}The program/);
});

test('nothing of it controls the terminal', () => {
	const evil = 'a\u001B]0;t\u0007\u001B[2J\rb\u202E';
	const text = leavingText(
		[
			turnWith(
				{prompt: evil, consortium: evil},
				{answer: evil, status: 'limited', reasons: ['One.', evil]},
			),
		],
		leave,
	);

	assert.doesNotMatch(text, /[^\P{Control}\n]|\p{Format}/u);
	assert.equal(text.split('<U+202E>').length, 5);
});
