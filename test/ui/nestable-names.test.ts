import assert from 'node:assert/strict';
import {test} from 'node:test';
import {readConsortium} from '../../source/core/consortium-config.js';
import {nestableNames} from '../../source/ui/nestable-names.js';
import {formOf, type Form} from '../../source/ui/overlays/form.js';
import {type Choice} from '../../source/ui/services.js';
import {faceOf} from '../../source/ui/overlays/face.js';
import {after, models, space, told, typed} from '../helpers/overlays.js';

const choice = (
	name: string,
	members: readonly string[],
	kind: Choice['kind'] = 'saved',
): Choice => ({
	kind,
	isDefault: false,
	consortium: {
		...readConsortium({name, members: ['some-model'], arbiter: 'some-model'}),
		members: members.map(model => ({slot: model, model, count: 1})),
	},
});

const choices = [
	choice('one', ['gpt-6-luna']),
	choice('two', ['one']),
	choice('three', ['two']),
	choice('empty', []),
	choice('mine', ['gpt-6-luna']),
	choice('around-mine', ['mine', 'one']),
	choice('found', ['llama3'], 'chosen'),
];

const textOf = (form: Form) =>
	faceOf(form, space)
		.rows.map(row => row.map(({text}) => text).join(''))
		.join('\n');

test('only consortiums that can stand inside another are offered for it', () => {
	assert.deepEqual(nestableNames('mine', choices), ['one', 'two']);
	assert.deepEqual(nestableNames('new', choices), [
		'one',
		'two',
		'mine',
		'around-mine',
	]);
	assert.deepEqual(nestableNames('one', choices), ['mine']);
});

test('the form offers consortiums as members and as arbiters, and never the one that is edited', () => {
	const {consortium} = choices[4]!;
	const form = told(
		formOf(consortium, 'mine'),
		{kind: 'consortiums', choices},
		{kind: 'models', models},
	);
	const member = typed(after(form, 'ctrl+n'), 'o');
	assert.match(textOf(member), /one +a consortium/v);

	const arbiter = typed({...form, at: 'arbiter'}, ', tw');
	assert.match(textOf(arbiter), /two +a consortium/v);
	const renamed = typed(form, 'x');
	const own = typed({...renamed, at: 'arbiter'}, ', min');
	assert.doesNotMatch(textOf(own), /mine +a consortium/v);
});
