import assert from 'node:assert/strict';
import {resolve} from 'node:path';
import {test} from 'node:test';
import {foldersOf, logPathOf} from '../../source/config/folders.js';

test('one variable puts everything under one folder', () => {
	const folders = foldersOf({CONSORTIUM_TUI_HOME: 'somewhere'});

	assert.deepEqual(folders, {
		config: resolve('somewhere'),
		data: resolve('somewhere'),
	});
	assert.equal(logPathOf(folders), resolve('somewhere/log.db'));
});

test('without it, or with an empty one, the folders are those of the platform', () => {
	const {config, data} = foldersOf({CONSORTIUM_TUI_HOME: ''});

	assert.deepEqual(foldersOf({}), {config, data});
	assert.match(config, /consortium-tui/);
	assert.doesNotMatch(config, /nodejs/);
	assert.notEqual(config, data);
});
