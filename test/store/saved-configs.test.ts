import assert from 'node:assert/strict';
import {Buffer} from 'node:buffer';
import {test} from 'node:test';
import Database from 'better-sqlite3';
import {readSavedConfigs} from '../../source/store/import/saved-configs.js';
import {
	configsDatabase,
	draft,
	newest,
	oldest,
} from '../helpers/saved-configs.js';

test('saved consortiums are read from the tables of all versions', () => {
	const db = configsDatabase(':memory:', {newest, oldest});
	db.exec(
		'CREATE TABLE llm_consortium_configs (name TEXT PRIMARY KEY, config TEXT)',
	);
	db.prepare('INSERT INTO llm_consortium_configs VALUES (?, ?)').run(
		'draft',
		JSON.stringify(draft),
	);

	assert.deepEqual(readSavedConfigs(db), {
		configs: [
			{name: 'newest', config: newest},
			{name: 'oldest', config: oldest},
			{name: 'draft', config: draft},
		],
		unread: [],
	});
});

test('a database without such tables, or with others of these names, has none', () => {
	const db = new Database(':memory:');
	db.exec(`
		CREATE TABLE consortium_configs (id INTEGER, config TEXT);
		CREATE VIEW llm_consortium_configs AS SELECT 'x' AS name, '{}' AS config;
	`);

	assert.deepEqual(readSavedConfigs(db), {configs: [], unread: []});
});

test('a row that holds no consortium is told with its reason, and the others are read', () => {
	const db = new Database(':memory:');
	db.exec('CREATE TABLE consortium_configs (name, config)');
	const insert = db.prepare('INSERT INTO consortium_configs VALUES (?, ?)');

	for (const row of [
		['a', '{"models": {'],
		['b', '[1]'],
		['c', null],
		['d', 'x'.repeat(300_000)],
		['e', 7],
		['f', Buffer.from('{"models": {}}')],
		[null, '{}'],
		[' ', '{}'],
		[12n, '{}'],
	]) {
		insert.run(...row);
	}

	const {configs, unread} = readSavedConfigs(db);
	assert.deepEqual(configs, [
		{name: '12', config: {}},
		{name: 'f', config: {models: {}}},
	]);
	assert.deepEqual(
		unread.map(({name, why}) => `${name}: ${why}`),
		[
			'null: it has no name',
			'null: it has no name',
			'a: it is not JSON',
			'b: it is no JSON object',
			'c: there is nothing in it',
			'd: it is too long',
			'e: it is no JSON object',
		],
	);
});

test('more rows than anybody saves are not all read', () => {
	const db = configsDatabase(
		':memory:',
		Object.fromEntries(
			Array.from({length: 600}, (_, index) => [`c${index}`, newest]),
		),
	);
	const {configs, unread} = readSavedConfigs(db);

	assert.equal(configs.length, 500);
	assert.deepEqual(unread, [{name: null, why: 'only 500 of a table are read'}]);
});
