(* What exported proofs are written with: each step states its claim; these close it. *)
From Coq Require Export Reals Lra Lia ZArith FunctionalExtensionality List.
From Coquelicot Require Export Coquelicot.
From LstmSym Require Export Matrices Norms Functions Meaning Rules.
Open Scope R_scope.

(* equal up to arithmetic of times *)
Ltac times_equal :=
  lazymatch goal with
  | |- ?a = ?b =>
    first [ constr_eq a b; reflexivity
          | lazymatch type of a with Z => lia end
          | progress f_equal; times_equal                        (* without progress it would go on for ever *)
          | apply functional_extensionality; intro; times_equal ]
  end.
Lemma cast (P Q : Prop) : P -> P = Q -> Q.
Proof. intros H <-. exact H. Qed.
(* the goal is the statement H up to arithmetic of times *)
Ltac bridge H :=
  first
    [ exact H
    | lazymatch goal with
      | |- (_ <= _)%Z => lia
      | |- _ /\ _ => split; [ bridge (proj1 H) | bridge (proj2 H) ]
      | |- ?P -> ?Q =>
        let p := fresh in intro p;
        lazymatch type of H with ?P' -> _ => let q := fresh in assert (q : P') by (bridge p); bridge (H q) end
      | |- forall x : ?A, _ => let x := fresh in intro x; bridge (H x)
      | |- _ => refine (cast _ _ H _); times_equal
      end ].
Ltac give H premise :=
  lazymatch type of H with ?P -> _ => let p := fresh in assert (p : P) by (bridge premise); specialize (H p); clear p end.

Lemma induction_up (P : Z -> Prop) low high : P low ->
  (forall k, (0 <= k - low)%Z -> (0 <= high - k - 1)%Z -> P k -> P (k + 1)%Z) ->
  forall k, (0 <= k - low)%Z -> (0 <= high - k)%Z -> P k.
Proof.
  intros B S k L U. assert (G : forall j : nat, (low + Z.of_nat j <= high)%Z -> P (low + Z.of_nat j)%Z).
  { induction j; intro V.
    - now replace (low + Z.of_nat 0)%Z with low by lia.
    - replace (low + Z.of_nat (Datatypes.S j))%Z with (low + Z.of_nat j + 1)%Z by lia. apply S; try lia. apply IHj; lia. }
  replace k with (low + Z.of_nat (Z.to_nat (k - low)))%Z by lia. apply G. lia.
Qed.
Lemma induction_down (P : Z -> Prop) low high : P high ->
  (forall k, (0 <= k - low)%Z -> (0 <= high - k - 1)%Z -> P (k + 1)%Z -> P k) ->
  forall k, (0 <= k - low)%Z -> (0 <= high - k)%Z -> P k.
Proof.
  intros B S k L U. assert (G : forall j : nat, (low <= high - Z.of_nat j)%Z -> P (high - Z.of_nat j)%Z).
  { induction j; intro V.
    - now replace (high - Z.of_nat 0)%Z with high by lia.
    - apply S; try lia. replace (high - Z.of_nat (Datatypes.S j) + 1)%Z with (high - Z.of_nat j)%Z by lia. apply IHj; lia. }
  replace k with (high - Z.of_nat (Z.to_nat (high - k)))%Z by lia. apply G. lia.
Qed.

(* polynomials in norms, entries and powers *)
Lemma powZ_0 x : powZ x 0 = 1. Proof. reflexivity. Qed.
Lemma powZ_1 x : powZ x 1 = x. Proof. unfold powZ. simpl. ring. Qed.
Lemma powZ_2 x : powZ x 2 = x * x. Proof. unfold powZ. simpl. ring. Qed.
Lemma powZ_3 x : powZ x 3 = x * x * x. Proof. unfold powZ. simpl. ring. Qed.
Ltac numbers := rewrite ?powZ_0, ?powZ_1, ?powZ_2, ?powZ_3, ?ln_1 in *.
Lemma weigh m a b : 0 <= m -> a <= b -> 0 <= m * (b - a).
Proof. intros. apply Rmult_le_pos; lra. Qed.
Lemma weigh_lt m a b : 0 <= m -> a < b -> 0 <= m * (b - a).
Proof. intros. apply Rmult_le_pos; lra. Qed.
Lemma weigh_eq m a b : a = b -> m * (b - a) = 0.
Proof. intros ->. ring. Qed.
Ltac by_sum := first [ lra | numbers; lra ].

(* identities: first as sums of words in non-commuting factors, then entry by entry *)
Lemma scal_scal {n m} a b (A : mat n m) : scal a (scal b A) = scal (a * b) A.
Proof. apply ext; intros; unfold scal; ring. Qed.
Lemma scal_add {n m} a (A B : mat n m) : scal a (add A B) = add (scal a A) (scal a B).
Proof. apply ext; intros; unfold scal, add; ring. Qed.
Lemma had_add_l {n m} (A B C : mat n m) : had (add A B) C = add (had A C) (had B C).
Proof. apply ext; intros; unfold had, add; ring. Qed.
Lemma had_add_r {n m} (A B C : mat n m) : had A (add B C) = add (had A B) (had A C).
Proof. apply ext; intros; unfold had, add; ring. Qed.
Lemma had_scal_l {n m} c (A B : mat n m) : had (scal c A) B = scal c (had A B).
Proof. apply ext; intros; unfold had, scal; ring. Qed.
Lemma had_scal_r {n m} c (A B : mat n m) : had A (scal c B) = scal c (had A B).
Proof. apply ext; intros; unfold had, scal; ring. Qed.
Lemma had_ones_l {n m} (A : mat n m) : had ones A = A.
Proof. apply ext; intros; unfold had, ones; ring. Qed.
Lemma had_ones_r {n m} (A : mat n m) : had A ones = A.
Proof. apply ext; intros; unfold had, ones; ring. Qed.
Lemma had_zeros_l {n m} (A : mat n m) : had zeros A = zeros.
Proof. apply ext; intros; unfold had, zeros; ring. Qed.
Lemma had_zeros_r {n m} (A : mat n m) : had A zeros = zeros.
Proof. apply ext; intros; unfold had, zeros; ring. Qed.
Lemma had_assoc {n m} (A B C : mat n m) : had (had A B) C = had A (had B C).
Proof. apply ext; intros; unfold had; ring. Qed.
Lemma tr_ones {n m} : tr (@ones n m) = ones. Proof. reflexivity. Qed.
Lemma tr_zeros {n m} : tr (@zeros n m) = zeros. Proof. reflexivity. Qed.
(* One law a line; what is matched is rewritten with its letters filled in, which is several times faster than autorewrite. *)
Ltac word := match goal with
  | |- context [tr (mul ?A ?B)] => rewrite (tr_mul A B)
  | |- context [tr (add ?A ?B)] => rewrite (tr_add A B)
  | |- context [tr (had ?A ?B)] => rewrite (tr_had A B)
  | |- context [tr (scal ?a ?A)] => rewrite (tr_scal a A)
  | |- context [tr (tr ?A)] => rewrite (tr_tr A)
  | |- context [tr (diag ?u)] => rewrite (tr_diag u)
  | |- context [tr (@eye ?n)] => rewrite (@tr_eye n)
  | |- context [tr (@ones ?n ?m)] => rewrite (@tr_ones n m)
  | |- context [tr (@zeros ?n ?m)] => rewrite (@tr_zeros n m)
  | |- context [mul (mul ?A ?B) ?C] => rewrite (mul_assoc A B C)
  | |- context [mul (add ?A ?B) ?C] => rewrite (mul_add_l A B C)
  | |- context [mul ?A (add ?B ?C)] => rewrite (mul_add_r A B C)
  | |- context [mul (scal ?a ?A) ?B] => rewrite (mul_scal_l a A B)
  | |- context [mul ?A (scal ?a ?B)] => rewrite (mul_scal_r a A B)
  | |- context [mul eye ?A] => rewrite (mul_eye_l A)
  | |- context [mul ?A eye] => rewrite (mul_eye_r A)
  | |- context [mul zeros ?A] => rewrite (mul_zeros_l A)
  | |- context [mul ?A zeros] => rewrite (mul_zeros_r A)
  | |- context [scal ?a (add ?A ?B)] => rewrite (scal_add a A B)
  | |- context [scal ?a (scal ?b ?A)] => rewrite (scal_scal a b A)
  | |- context [diag (add ?u ?v)] => rewrite (diag_add u v)
  | |- context [diag (scal ?a ?u)] => rewrite (diag_scal a u)
  | |- context [diag (had ?u ?v)] => rewrite (diag_had u v)
  | |- context [diag (@ones ?n _)] => rewrite (@diag_ones n)
  | |- context [diag (@zeros ?n _)] => rewrite (@diag_zeros n)
  | |- context [had (add ?A ?B) ?C] => rewrite (had_add_l A B C)
  | |- context [had ?A (add ?B ?C)] => rewrite (had_add_r A B C)
  | |- context [had (scal ?a ?A) ?B] => rewrite (had_scal_l a A B)
  | |- context [had ?A (scal ?a ?B)] => rewrite (had_scal_r a A B)
  | |- context [had ones ?A] => rewrite (had_ones_l A)
  | |- context [had ?A ones] => rewrite (had_ones_r A)
  | |- context [had zeros ?A] => rewrite (had_zeros_l A)
  | |- context [had ?A zeros] => rewrite (had_zeros_r A)
  end.
Ltac words := repeat word.
Ltac entries := apply ext; intros; unfold add, scal, zeros, ones; ring.
Ltac entries_had := apply ext; intros; unfold add, scal, had, zeros, ones; ring.
Lemma diag_row {n m} (u : mat n 1) (A : mat n m) i j : mul (diag u) A i j = u i one1 * A i j.
Proof.
  unfold mul, diag. rewrite (sum_ext n _ (fun k => delta i k * (u i one1 * A k j))) by (intro; ring). apply sum_delta.
Qed.
Ltac row_by_row := words; apply ext; intros i j; try rewrite !(fin1 j);
  repeat (progress unfold add, had, scal, zeros, ones; rewrite ?diag_row); unfold add, had, scal, zeros, ones; ring.
Lemma mul_scalar {m} (Y : mat 1 1) (A : mat 1 m) : mul Y A = scal (entry Y) A.
Proof. apply ext; intros i j. unfold mul, scal, entry. rewrite sum_1, (fin1 i). reflexivity. Qed.
Ltac odd := apply ext; intros; unfold apply, add, scal, ones;
  repeat match goal with |- context [- 1 * ?x] => replace (- 1 * x) with (- x) by ring end; rewrite ?sigmoid_neg, ?tanh_neg; ring.
Lemma mul_single {m} (x : mat 1 1) (A : mat 1 m) : mul x A = scal (entry x) A.
Proof. apply ext; intros i j. unfold mul, scal, entry. rewrite sum_1, (fin1 i). reflexivity. Qed.
Lemma ones_had {n} (u v : mat n 1) : mul ones (mul (had u v) ones) = mul (tr u) v.
Proof.
  apply ext; intros i j. unfold mul at 1 3. apply sum_ext. intro k.
  unfold mul. rewrite sum_1, (fin1 i), (fin1 j). unfold had, ones, tr. ring.
Qed.
Ltac identity := first
  [ reflexivity
  | row_by_row
  | repeat rewrite had_diag; words; first [ reflexivity | entries | rewrite diag_comm; first [ reflexivity | entries ] ]
  | words; first [ reflexivity | entries | entries_had | rewrite diag_comm; first [ reflexivity | entries ] ]
  | rewrite ones_had; words; reflexivity
  | words; rewrite ?mul_single; first [ reflexivity | entries ]
  | words; rewrite !mul_scalar; words; first [ reflexivity | entries ]
  | odd ].

(* tables of numbers *)
Ltac finite_cases :=
  repeat match goal with
  | i : Fin.t 0 |- _ => exact (Fin.case0 (fun _ => _) i)
  | i : Fin.t (S _) |- _ => apply (Fin.caseS' i); clear i; [ | intro i ]
  end.
Lemma delta_FS_F1 {n} (i : Fin.t n) : delta (Fin.FS i) Fin.F1 = 0.
Proof. rewrite delta_sym. apply delta_F1_FS. Qed.
Ltac argument x :=                                (* 0, ln r or - ln r *)
  first [ constr_eq x 0 | replace x with 0 by lra
        | lazymatch x with context [ln ?r] => first [ constr_eq x (ln r) | constr_eq x (- ln r)
                                                    | replace x with (ln r) by lra | replace x with (- ln r) by lra ] end ].
Ltac values := repeat match goal with
  | |- context [tanh ?x] => argument x; first [ rewrite tanh_neg, tanh_ln by lra | rewrite tanh_ln by lra | rewrite tanh_at_0 ]
  | |- context [sigmoid ?x] =>
    argument x; first [ rewrite sigmoid_neg, sigmoid_ln by lra | rewrite sigmoid_ln by lra | rewrite sigmoid_at_0 ]
  | |- context [Rlt_dec ?x ?y] => destruct (Rlt_dec x y); try lra
  | |- context [Rmax ?x ?y] => first [ rewrite (Rmax_left x y) by lra | rewrite (Rmax_right x y) by lra ]
  end.
Ltac evaluate := apply ext; intros; finite_cases;
  unfold mul, add, had, scal, tr, diag, eye, ones, zeros, apply, entry, one1, table, relu, step; cbn;
  rewrite ?delta_FS, ?delta_same, ?delta_F1_FS, ?delta_FS_F1; numbers; values; first [ reflexivity | lra | field ].
Lemma range_square a b q (i j : nat) : 0 <= a -> 0 <= b -> 0 <= a ^ i * b ^ j * (q * q).
Proof. intros. apply Rmult_le_pos; [ apply Rmult_le_pos; apply pow_le; auto | apply square_nonneg ]. Qed.
