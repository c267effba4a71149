import assert from 'node:assert/strict';
import {test} from 'node:test';
import {keepTemplates, templatesOf} from '../../source/store/templates.js';
import {logWith} from '../helpers/logs.js';

test('the words a run was begun with are found by their hashes, those of others and lost ones are not', t => {
	const log = logWith(t, []);
	keepTemplates(log, [
		{hash: 'h1', name: 'system', text: 'Answer.'},
		{hash: 'h2', name: 'system', text: 'Answer well.'},
		{hash: 'h3', name: 'repair', text: 'Once more: {{missing}}'},
	]);

	assert.deepEqual(
		templatesOf(log, {system: 'h1', repair: 'h3', feedback: 'h4'}),
		{
			system: {text: 'Answer.', hash: 'h1'},
			repair: {text: 'Once more: {{missing}}', hash: 'h3'},
		},
	);
	assert.deepEqual(templatesOf(log, {}), {});
});
