import assert from 'node:assert/strict';
import {test} from 'node:test';
import Database from 'better-sqlite3';
import {costsOf} from '../../source/store/costs.js';
import {type Log} from '../../source/store/log.js';
import {migrate} from '../../source/store/migrations.js';
import {listRuns} from '../../source/store/runs.js';

/**
A log that notes what it is asked, and the ways in which SQLite would find the answers.
*/
function observedLog(): {readonly log: Log; readonly ways: () => string[]} {
	const asked = new Set<string>();
	const log = new Database(':memory:', {
		verbose(sql) {
			if (typeof sql === 'string' && sql.trimStart().startsWith('SELECT')) {
				asked.add(sql);
			}
		},
	});
	migrate(log);
	asked.clear();

	return {
		log,
		ways: () =>
			[...asked].flatMap(sql =>
				log
					.prepare<[], {detail: string}>(`EXPLAIN QUERY PLAN ${sql}`)
					.all()
					.map(({detail}) => detail),
			),
	};
}

const roles = {
	final:
		'(responses.consortium_id IS NULL OR responses.consortium_id = responses.id)',
	member:
		'NOT (responses.consortium_id IS NULL OR responses.consortium_id = responses.id) AND responses.is_arbiter_response = 0',
	arbiter:
		'NOT (responses.consortium_id IS NULL OR responses.consortium_id = responses.id) AND responses.is_arbiter_response IS NOT 0',
};

for (const [role, condition] of Object.entries(roles)) {
	test(`the latest responses of the role ${role} are found in an index alone`, () => {
		const {log, ways} = observedLog();
		log
			.prepare(
				`SELECT rowid FROM responses WHERE ${condition} ORDER BY responses.id DESC LIMIT 20`,
			)
			.all();
		assert.deepEqual(ways(), [
			`SCAN responses USING INDEX idx_responses_${role}`,
		]);
	});
}

test('costs since a day are summed without a look at older calls', () => {
	const {log, ways} = observedLog();
	costsOf(log, {since: Date.UTC(2026, 10, 1), until: null}, 'model');
	const way = ways().find(each => each.includes(' calls '));
	assert.match(way!, /^SEARCH calls USING INDEX \S+ \(id>\? AND id<\?\)$/);
});

test('the runs of a conversation are found without a look at those of others', () => {
	const {log, ways} = observedLog();
	listRuns(log, {limit: 20, conversationId: '01k'});
	assert.equal(
		ways().find(way => way.startsWith('SCAN')),
		undefined,
	);
});
