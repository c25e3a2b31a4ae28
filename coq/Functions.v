(* tanh and the logistic function: ranges, derivatives, exact values. *)
From Coq Require Import Reals Lra.
From Coquelicot Require Import Coquelicot.
Open Scope R_scope.

Definition sigmoid (x : R) : R := / (1 + exp (- x)).
Definition relu (x : R) : R := Rmax x 0.
Definition step (x : R) : R := if Rlt_dec 0 x then 1 else 0.

Lemma sigmoid_pos x : 0 < sigmoid x.
Proof. unfold sigmoid. apply Rinv_0_lt_compat. pose proof (exp_pos (- x)); lra. Qed.
Lemma sigmoid_lt1 x : sigmoid x < 1.
Proof.
  unfold sigmoid. rewrite <- Rinv_1 at 2. pose proof (exp_pos (- x)). apply Rinv_lt_contravar; lra.
Qed.
Lemma sigmoid_grows x y : x <= y -> sigmoid x <= sigmoid y.
Proof.
  intro. unfold sigmoid. pose proof (exp_pos (- x)). pose proof (exp_pos (- y)). apply Rinv_le_contravar. lra.
  apply Rplus_le_compat_l. destruct (Rle_lt_or_eq_dec x y H) as [L | E]; [ left; apply exp_increasing; lra | subst; lra ].
Qed.
Lemma is_derive_sigmoid x : is_derive sigmoid x (sigmoid x * (1 - sigmoid x)).
Proof. pose proof (exp_pos (- x)). unfold sigmoid. auto_derive. lra. field. lra. Qed.
Lemma is_derive_tanh x : is_derive tanh x (1 - tanh x * tanh x).
Proof.
  unfold tanh, sinh, cosh. pose proof (exp_pos x); pose proof (exp_pos (- x)). auto_derive. lra. field. lra.
Qed.
Lemma cosh_pos x : 0 < cosh x.
Proof. unfold cosh. pose proof (exp_pos x); pose proof (exp_pos (- x)); lra. Qed.
Lemma tanh_range x : -1 < tanh x < 1.
Proof.
  pose proof (cosh_pos x) as C. pose proof (exp_pos x); pose proof (exp_pos (- x)).
  assert (tanh x * cosh x = sinh x) by (unfold tanh; field; lra). unfold sinh in H1. unfold cosh in *.
  split; apply Rmult_lt_reg_r with ((exp x + exp (- x)) / 2); lra.
Qed.

(* exact values at logarithms of rationals *)
Lemma tanh_ln r : 0 < r -> tanh (ln r) = (r * r - 1) / (r * r + 1).
Proof. intro. unfold tanh, sinh, cosh. rewrite exp_Ropp, exp_ln by auto. field. nra. Qed.
Lemma sigmoid_ln r : 0 < r -> sigmoid (ln r) = r / (1 + r).
Proof. intro. unfold sigmoid. rewrite exp_Ropp, exp_ln by auto. field. lra. Qed.
Lemma tanh_at_0 : tanh 0 = 0.
Proof. unfold tanh. rewrite sinh_0. unfold Rdiv. ring. Qed.
Lemma sigmoid_at_0 : sigmoid 0 = / 2.
Proof. unfold sigmoid. rewrite Ropp_0, exp_0. f_equal; ring. Qed.
Lemma tanh_neg x : tanh (- x) = - tanh x.
Proof. unfold tanh, sinh, cosh. rewrite Ropp_involutive. pose proof (exp_pos x); pose proof (exp_pos (- x)). field. lra. Qed.
Lemma sigmoid_neg x : sigmoid (- x) = 1 - sigmoid x.
Proof. unfold sigmoid. rewrite Ropp_involutive, exp_Ropp. pose proof (exp_pos x). field. lra. Qed.

(* kinks and poles; every function here moves no faster than its slope *)
Definition softplus (x : R) : R := ln (1 + exp x).
Definition log (x : R) : R := ln x.
Definition reciprocal (x : R) : R := / x.
Lemma is_derive_softplus x : is_derive softplus x (sigmoid x).
Proof.
  unfold softplus, sigmoid. pose proof (exp_pos x). pose proof (exp_pos (- x)). auto_derive. lra.
  rewrite exp_Ropp. field. lra.
Qed.
Lemma is_derive_relu x : x <> 0 -> is_derive relu x (step x).
Proof.
  intro N. unfold step. destruct (Rlt_dec 0 x) as [P | P].
  - apply is_derive_ext_loc with (fun t : R => t); [ | apply @is_derive_id ].
    exists (mkposreal x P). intros t Ht. unfold ball in Ht. simpl in Ht. unfold AbsRing_ball, abs, minus, plus, opp in Ht. simpl in Ht.
    apply Rabs_lt_between in Ht. unfold relu. rewrite Rmax_left; lra.
  - assert (Q : 0 < - x) by lra. apply is_derive_ext_loc with (fun _ : R => 0); [ | apply @is_derive_const ].
    exists (mkposreal (- x) Q). intros t Ht. unfold ball in Ht. simpl in Ht. unfold AbsRing_ball, abs, minus, plus, opp in Ht. simpl in Ht.
    apply Rabs_lt_between in Ht. unfold relu. rewrite Rmax_right; lra.
Qed.
Lemma lipschitz (f f' : R -> R) c : (forall x, is_derive f x (f' x)) -> (forall x, Rabs (f' x) <= c) ->
  forall x y, Rabs (f x - f y) <= c * Rabs (x - y).
Proof.
  intros D B x y. destruct (MVT_gen f y x f') as [z [_ E]].
  - intros; apply D.
  - intros z _. apply continuity_pt_filterlim. apply (ex_derive_continuous f z). exists (f' z). apply D.
  - rewrite E, Rabs_mult. apply Rmult_le_compat_r; [ apply Rabs_pos | apply B ].
Qed.
Lemma tanh_lipschitz x y : Rabs (tanh x - tanh y) <= Rabs (x - y).
Proof.
  rewrite <- (Rmult_1_l (Rabs (x - y))). apply lipschitz with (fun z => 1 - tanh z * tanh z).
  - apply is_derive_tanh.
  - intro z. pose proof (tanh_range z). apply Rabs_le. nra.
Qed.
Lemma sigmoid_lipschitz x y : Rabs (sigmoid x - sigmoid y) <= 1 / 4 * Rabs (x - y).
Proof.
  apply lipschitz with (fun z => sigmoid z * (1 - sigmoid z)).
  - apply is_derive_sigmoid.
  - intro z. pose proof (sigmoid_pos z). pose proof (sigmoid_lt1 z). pose proof (Rle_0_sqr (sigmoid z - 1 / 2)) as Q. unfold Rsqr in Q. apply Rabs_le. nra.
Qed.
Lemma relu_lipschitz x y : Rabs (relu x - relu y) <= Rabs (x - y).
Proof.
  unfold relu, Rmax. destruct (Rle_dec x 0), (Rle_dec y 0); unfold Rabs; repeat destruct Rcase_abs; lra.
Qed.
