(* Spectral radius: triangular and normal matrices, powers. *)
From Coq Require Import Reals Lra Lia ZArith FunctionalExtensionality.
From Coquelicot Require Import Coquelicot.
From LstmSym Require Import Matrices Norms Meaning.
Open Scope R_scope.

(* the last component of a vector that is not zero *)
Lemma last_nonzero n (w : Fin.t n -> Prop) : (exists i, w i) ->
  exists i, w i /\ forall j, (proj1_sig (Fin.to_nat i) < proj1_sig (Fin.to_nat j))%nat -> ~ w j.
Proof.
  induction n; intros [i Hi]. inversion i.
  assert (C : (exists k, w (Fin.FS k)) \/ forall k, ~ w (Fin.FS k)).
  { destruct (Classical_Prop.classic (exists k, w (Fin.FS k))); [ now left | right; intros k Hk; eauto ]. }
  destruct C as [E | A].
  - destruct (IHn (fun k => w (Fin.FS k)) E) as [k [Hk L]]. exists (Fin.FS k). split; auto.
    intro j. apply (Fin.caseS' j).
    + simpl. destruct (Fin.to_nat k). simpl. lia.
    + intro p. simpl. specialize (L p). destruct (Fin.to_nat k), (Fin.to_nat p). simpl in *. intro. apply L. lia.
  - revert Hi. apply (Fin.caseS' i); [ | intros j Hj; destruct (A j Hj) ]. intro Hi. exists Fin.F1. split; auto.
    intro j. apply (Fin.caseS' j). simpl; lia. intros; apply A.
Qed.
Lemma triangular n x (N : mat n n) (d : mat n 1) : 0 <= x -> within d (- x) x -> strict N -> radius (add (diag d) N) x.
Proof.
  intros Hx Hd Hn a b u v E Eu Ev. split; auto.
  destruct (last_nonzero n (fun i => u i <> 0 \/ v i <> 0) E) as [i [Hi L]].
  assert (K : forall w : vec n, (forall j, (proj1_sig (Fin.to_nat i) < proj1_sig (Fin.to_nat j))%nat -> w j = 0) ->
    act (add (diag d) N) w i = d i one1 * w i).
  { intros w Z. unfold act, add, diag. rewrite (sum_ext n _ (fun j => delta i j * (d i one1 * w j))), sum_delta; auto.
    intro j. destruct (Nat.le_gt_cases (proj1_sig (Fin.to_nat j)) (proj1_sig (Fin.to_nat i))) as [C | C].
    - rewrite (Hn i j C). ring.
    - rewrite (Z j C). ring. }
  assert (Zu : forall j, (proj1_sig (Fin.to_nat i) < proj1_sig (Fin.to_nat j))%nat -> u j = 0).
  { intros j C. specialize (L j C). destruct (Req_dec (u j) 0); tauto. }
  assert (Zv : forall j, (proj1_sig (Fin.to_nat i) < proj1_sig (Fin.to_nat j))%nat -> v j = 0).
  { intros j C. specialize (L j C). destruct (Req_dec (v j) 0); tauto. }
  pose proof (K u Zu) as Fu. pose proof (K v Zv) as Fv. rewrite Eu in Fu. rewrite Ev in Fv. specialize (Hd i one1).
  set (d0 := d i one1) in *. set (p := u i) in *. set (q := v i) in *.
  assert (P : 0 < p * p + q * q) by (destruct Hi; nra).
  assert (B : b * (p * p + q * q) = 0) by (replace (b * (p * p + q * q)) with (p * (b * p + a * q) - q * (a * p - b * q)) by ring; rewrite Fu, Fv; ring).
  assert (A : (a - d0) * (p * p + q * q) = 0) by (replace ((a - d0) * (p * p + q * q)) with (p * (a * p - b * q) + q * (b * p + a * q) - d0 * (p * p + q * q)) by ring; rewrite Fu, Fv; ring).
  apply Rmult_integral in B. apply Rmult_integral in A.
  assert (b = 0) by (destruct B; auto; lra). assert (a = d0) by (destruct A; lra). subst. nra.
Qed.

(* --- a normal matrix: ||S^(2^j)|| = ||S||^(2^j), so its norm is at most its spectral radius --- *)
Definition power {n} (A : mat n n) (k : nat) : mat n n := proddown k 1 (fun _ => A).
Lemma power_add n (A : mat n n) j k : power A (j + k) = mul (power A j) (power A k).
Proof.
  induction j. change (power A 0) with (@eye n). now rewrite mul_eye_l.
  change (power A (S j + k)) with (mul A (power A (j + k))). rewrite IHj.
  change (power A (S j)) with (mul A (power A j)). now rewrite mul_assoc.
Qed.
Lemma normal_square n (A : mat n n) : mul (tr A) A = mul A (tr A) -> norm Two (mul A A) = norm Two A * norm Two A.
Proof.
  intro N. pose proof (norm_nonneg Two _ _ A). pose proof (norm_nonneg Two _ _ (mul A A)).
  assert (E : norm Two (mul A A) * norm Two (mul A A) = (norm Two A * norm Two A) * (norm Two A * norm Two A)).
  { rewrite <- (norm_gram n n A), <- !norm_gram. f_equal. rewrite !tr_mul, !tr_tr, !mul_assoc. f_equal.
    now rewrite <- mul_assoc, (f_equal (fun X => mul X A) N), mul_assoc. }
  apply Rsqr_inj; auto; nra.
Qed.
Lemma commute n (A B : mat n n) : mul A B = mul B A -> mul A (mul B B) = mul (mul B B) A.
Proof. intro H. now rewrite <- mul_assoc, H, mul_assoc, H, <- mul_assoc. Qed.
Lemma normal_powers n (A : mat n n) j : mul (tr A) A = mul A (tr A) ->
  norm Two (power A (2 ^ j)) = norm Two A ^ (2 ^ j) /\ mul (tr (power A (2 ^ j))) (power A (2 ^ j)) = mul (power A (2 ^ j)) (tr (power A (2 ^ j))).
Proof.
  intro N. induction j.
  - simpl. unfold power. simpl. rewrite mul_eye_r. split; auto. ring.
  - destruct IHj as [E M]. replace (2 ^ S j)%nat with (2 ^ j + 2 ^ j)%nat by (simpl; lia). rewrite power_add. set (B := power A (2 ^ j)) in *.
    split. rewrite normal_square, E by auto. now rewrite <- pow_add.
    rewrite tr_mul. now apply commute, eq_sym, commute, eq_sym.
Qed.

Lemma radius_scal n c (A : mat n n) x : c <> 0 -> radius A x -> radius (scal (/ c) A) (x / Rabs c).
Proof.
  intros N H a b u v E Eu Ev. assert (P : 0 < Rabs c) by (apply Rabs_pos_lt; auto).
  assert (S : forall w i, act (scal (/ c) A) w i = / c * act A w i).
  { intros. unfold act, scal. rewrite <- sum_scal. apply sum_ext; intro; ring. }
  destruct (H (c * a) (c * b) u v E) as [X Y].
  - extensionality i. apply equal_f with i in Eu. rewrite S in Eu. apply Rmult_eq_reg_l with (/ c); [ | now apply Rinv_neq_0_compat ].
    rewrite Eu. field. auto.
  - extensionality i. apply equal_f with i in Ev. rewrite S in Ev. apply Rmult_eq_reg_l with (/ c); [ | now apply Rinv_neq_0_compat ].
    rewrite Ev. field. auto.
  - split. apply Rmult_le_pos; auto. left. now apply Rinv_0_lt_compat.
    apply Rmult_le_reg_l with (Rabs c * Rabs c). nra.
    replace (Rabs c * Rabs c * (x / Rabs c * (x / Rabs c))) with (x * x) by (field; lra).
    rewrite <- Rabs_mult, Rabs_pos_eq by nra. nra.
Qed.
(* cited, see the table of rules *)
Axiom gelfand : forall n p x (A : mat n n), radius A x -> x < 1 -> is_lim_seq (fun k => norm p (power A k)) 0.
Lemma normal_norm n x (A : mat n n) : 0 <= x -> mul (tr A) A = mul A (tr A) -> radius A x -> norm Two A <= x.
Proof.
  intros Hx N H. apply Rnot_lt_le. intro L. set (s := norm Two A) in *. set (y := (x + s) / 2).
  assert (P : 0 < y) by (unfold y; lra).
  pose proof (gelfand n Two (x / Rabs y) (scal (/ y) A)) as G.
  assert (R : radius (scal (/ y) A) (x / Rabs y)) by (apply radius_scal; [ lra | auto ]).
  assert (X : x / Rabs y < 1).
  { rewrite Rabs_pos_eq by lra. apply Rmult_lt_reg_r with y; auto. unfold Rdiv. rewrite Rmult_assoc, Rinv_l, Rmult_1_r by lra. unfold y; lra. }
  specialize (G R X). apply is_lim_seq_spec in G. destruct (G (mkposreal 1 Rlt_0_1)) as [k Hk]. simpl in Hk.
  specialize (Hk (2 ^ k)%nat (Nat.lt_le_incl _ _ (Nat.pow_gt_lin_r 2 k ltac:(lia)))).
  rewrite Rminus_0_r, Rabs_pos_eq in Hk by apply norm_nonneg.
  assert (M : mul (tr (scal (/ y) A)) (scal (/ y) A) = mul (scal (/ y) A) (tr (scal (/ y) A))).
  { rewrite !tr_scal, !mul_scal_l, !mul_scal_r, N. reflexivity. }
  rewrite (proj1 (normal_powers n _ k M)), norm_scal, Rabs_pos_eq in Hk by (left; apply Rinv_0_lt_compat; auto). fold s in Hk.
  assert (1 <= / y * s).
  { apply Rmult_le_reg_l with y; auto. rewrite <- Rmult_assoc, Rinv_r, Rmult_1_l, Rmult_1_r by lra. unfold y; lra. }
  pose proof (pow_R1_Rle (/ y * s) (2 ^ k) H0). lra.
Qed.
