/**
A part of the whole, 0 to 1.

@minimum 0
@maximum 1
*/
export type Share = number;
