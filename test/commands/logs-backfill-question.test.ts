import assert from 'node:assert/strict';
import {test} from 'node:test';
import {writeQuestion} from '../../source/commands/logs/backfill-write.js';
import {lockedSeconds} from '../../source/store/backfill/write-back.js';

const questionFor = (responses: number) =>
	writeQuestion(
		[{file: 'logs.db', pending: {responses, runs: 20}}],
		lockedSeconds({responses}),
	);

test('who is asked to write much is told how long other programs must wait', () => {
	assert.match(
		questionFor(500_000),
		/Other programs cannot write to it for about 10 seconds meanwhile\.$/,
	);
});

test('who is asked to write little is told no time', () => {
	assert.match(questionFor(1000), /llm cannot log until it is done\.$/);
});
