import assert from 'node:assert/strict';
import {test} from 'node:test';
import {isBrokenOff} from '../../source/store/broken-off.js';
import {eventsOf} from '../helpers/chats.js';
import {logWith} from '../helpers/logs.js';

test('a conversation is broken off when its last run was cancelled or met a limit', t => {
	const log = logWith(t, [
		...eventsOf({id: 'a1', chat: 'a', at: 1000, status: 'cancelled'}),
		...eventsOf({id: 'a2', chat: 'a', at: 2000, turn: 2}),
		...eventsOf({id: 'b1', chat: 'b', at: 3000}),
		...eventsOf({id: 'b2', chat: 'b', at: 4000, turn: 2, status: 'cancelled'}),
		...eventsOf({id: 'c1', chat: 'c', at: 5000, status: 'limited'}),
		...eventsOf({id: 'd1', chat: 'd', at: 6000, status: 'unanswered'}),
	]);

	assert.deepEqual(
		['a', 'b', 'c', 'd', 'nowhere'].map(id => isBrokenOff(log, id)),
		[false, true, true, false, false],
	);
});

test('a run that has not ended is broken off only when its process is gone', t => {
	const log = logWith(
		t,
		eventsOf({id: 'a1', chat: 'a', at: 1000}).slice(0, 16),
	);
	assert.equal(isBrokenOff(log, 'a'), false, 'this process is there');

	// No process has this number.
	log.prepare('UPDATE consortium_runs SET pid = 2147483646').run();
	assert.equal(isBrokenOff(log, 'a'), true);
});
